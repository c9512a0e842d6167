/** `bun run test:upgrade [commit or tag]`: this version and a former one, each as control plane and worker of the other. */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { freePort, loopback, startCommand } from "#tests/support/processes.ts";
import { serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { journaledIds } from "#worker/journal/journal.ts";
import { ownFolder } from "#worker/work-dir/open-work-dir.ts";
import { expectedEnds, livesOfJobs } from "./lives.ts";

const here = join(import.meta.dir, "../..");
const version = process.argv[2] ?? (await output("git", "-C", here, "describe", "--tags", "--abbrev=0"));

async function output(...argv: string[]) {
  const child = Bun.spawn(argv, { stdio: ["ignore", "pipe", "inherit"] });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`${argv.join(" ")} failed: name a commit or tag that this clone has`);
  return text.trim();
}

const checkOut = 'mkdir "$1" && git -C "$2" archive "$3" | tar -x -C "$1" && ln -s "$2/node_modules" "$1/node_modules"';

await using folder = await temporaryFolder();
const former = join(folder.path, "former");
await output("sh", "-ec", checkOut, "sh", former, here, version);
await using files = serveFiles({ "short.mp4": await clip({ seconds: 1 }), "long.mp4": await clip({ seconds: 4 }) });
const sources = { short: files.url("short.mp4"), long: files.url("long.mp4") };

const start = (root: string, part: string, env: Record<string, string>, ready: string) =>
  startCommand([process.execPath, "--no-orphans", join(root, part, "main.ts")], env, ready);

/** What docs/operations.md says to do before a worker is taken back to a version that kept jobs directly in WORK_DIR. */
async function moveJobsBack(workDir: string) {
  const own = join(workDir, ownFolder);
  for (const jobId of await journaledIds(own).catch(() => [])) await rename(join(own, jobId), join(workDir, jobId));
}

/** How jobs end between a control plane and a worker that is killed and started again. */
async function endsWith(controlplane: string, workers: string[]) {
  await using home = await temporaryFolder();
  const port = await freePort();
  const shared = { ALLOWED_PRIVATE_CIDRS: loopback, LOCAL_ROOT: join(home.path, "out") };
  const settings = { ...shared, GRPC_PORT: String(port), WORK_DIR: join(home.path, "work"), AUTO_STOP: "false" };
  const nodes = { ...shared, PORT: "0", WORKER_NODES: `127.0.0.1:${port}` };
  await using service = await start(controlplane, "controlplane", nodes, "listening");
  const startWorker = async () => {
    const root = workers.shift() ?? here;
    if (root === former) await moveJobsBack(settings.WORK_DIR);
    const presets = { PRESETS_DIR: join(root, "tests/support/presets") };
    return start(root, "worker", { ...settings, ...presets }, "worker is ready");
  };
  return await livesOfJobs({ url: new URL(String(service.ready["url"])).origin, sources, startWorker });
}

const pairs: [string, string, string[]][] = [
  ["this control plane, former workers", here, [former, former]],
  ["this control plane, a worker that is upgraded", here, [former, here]],
  ["former control plane, workers of this version", former, [here, here]],
  ["former control plane, a worker that is taken back", former, [here, former]],
];
let failures = 0;
for (const [name, controlplane, workers] of pairs) {
  const ends = await endsWith(controlplane, workers).catch((error: unknown) => [String(error)]);
  const isRight = Bun.deepEquals(ends, expectedEnds);
  if (!isRight) failures += 1;
  console.log(`${isRight ? "ok  " : "FAIL"} ${name} (${version}): ${ends.join(", ")}`);
}
process.exitCode = failures;
