/**
 * `bun run test:upgrade [commit or tag]`: this version and a former one, each as control plane and worker of the other. With
 * SPLIT_SECONDS=2 in the environment those that can do so encode in pieces.
 */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "#client/client.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, inPieces, loopback, startCommand } from "#tests/support/processes.ts";
import { eventually, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { splitSeconds } from "#tests/support/split.ts";
import { journaledIds } from "#worker/journal/journal.ts";
import { ownFolder } from "#worker/work-dir/open-work-dir.ts";
import { endsOf, expectedEnds, livesOfJobs } from "./lives.ts";

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
// Raw arguments are never cut; a film that is cut takes as long as it does.
const isCut = splitSeconds > 0;
const presets = isCut ? { quick: "hls_tiny", slow: "hls_tiny" } : { quick: "tiny", slow: "slow" };
await using files = serveFiles({
  "short.mp4": await clip({ seconds: 1 + 2 * splitSeconds }),
  "long.mp4": await clip({ seconds: isCut ? 240 : 4 }),
});
const sources = { short: files.url("short.mp4"), long: files.url("long.mp4") };

const start = (root: string, part: string, env: Record<string, string>, ready: string) =>
  startCommand([process.execPath, "--no-orphans", join(root, part, "main.ts")], env, ready);

/** What docs/operations.md says to do before a worker is taken back to a version that kept jobs directly in WORK_DIR. */
async function moveJobsBack(workDir: string) {
  const own = join(workDir, ownFolder);
  for (const jobId of await journaledIds(own).catch(() => [])) await rename(join(own, jobId), join(workDir, jobId));
}

type Farm = { controlplane: string; settings?(home: string): Record<string, string> };

/** A control plane and one worker, which is of a version of its own each time that it is started. */
async function startFarm({ controlplane, settings: more = () => ({}) }: Farm) {
  const stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder()).path;
  const port = await freePort();
  const shared = { ALLOWED_PRIVATE_CIDRS: loopback, LOCAL_ROOT: join(home, "out") };
  const workDir = join(home, "work");
  const settings = {
    ...{ ...shared, ...inPieces.worker, GRPC_PORT: String(port), WORK_DIR: workDir, AUTO_STOP: "false" },
  };
  const nodes = {
    ...{ ...shared, ...inPieces.controlplane, PORT: "0", WORKER_NODES: `127.0.0.1:${port}`, ...more(home) },
  };
  const service = stack.use(await start(controlplane, "controlplane", nodes, "listening"));
  return {
    url: new URL(String(service.ready["url"])).origin,
    said: service.said,
    async startWorker(root: string) {
      if (root === former) await moveJobsBack(workDir);
      const PRESETS_DIR = join(root, "tests/support/presets");
      return start(root, "worker", { ...settings, PRESETS_DIR }, "worker is ready");
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** How jobs end between a control plane and a worker that is killed and started again. */
async function endsWith(controlplane: string, workers: string[]) {
  await using farm = await startFarm({ controlplane });
  const startWorker = () => farm.startWorker(workers.shift() ?? here);
  const jobs = await livesOfJobs({ ...farm, sources, presets, startWorker });
  return { ends: endsOf(jobs), cut: jobs.filter(({ pieces }) => pieces !== undefined).length };
}

/** How an order ends that waits while the worker is a former one, which may know nothing of waiting orders. */
async function endOfWaiting(): Promise<string> {
  const settings = (home: string) => ({ RECORD_STORAGE: "local", QUEUE_URL: `sqlite:${join(home, "queue.sqlite")}` });
  await using farm = await startFarm({ controlplane: here, settings });
  const service = connect({ server: farm.url });
  const worker = await farm.startWorker(former);
  const { job_id } = await service.submit({ input_url: sources.short, preset: presets.quick });
  const isOver = async () => (await service.job(job_id)).status === "completed";
  const isHeldBack = () => farm.said.some((line) => line.includes("a worker takes no orders that have waited"));
  await eventually(async () => isHeldBack() || (await isOver()), "the worker is asked");
  worker.kill("SIGTERM");
  await worker.exited;
  await using _upgraded = await farm.startWorker(here);
  await eventually(isOver, "the order is done", 60_000);
  return `completed in attempt ${(await service.job(job_id)).attempt}`;
}

const pairs: [string, string, string[]][] = [
  ["this control plane, former workers", here, [former, former]],
  ["this control plane, a worker that is upgraded", here, [former, here]],
  ["former control plane, workers of this version", former, [here, here]],
  ["former control plane, a worker that is taken back", former, [here, former]],
];
let failures = 0;
for (const [name, controlplane, workers] of pairs) {
  const { ends, cut } = await endsWith(controlplane, workers).catch((error: unknown) => ({
    ends: [String(error)],
    cut: 0,
  }));
  const isRight = Bun.deepEquals(ends, expectedEnds);
  if (!isRight) failures += 1;
  console.log(`${isRight ? "ok  " : "FAIL"} ${name} (${version}): ${ends.join(", ")}; ${cut} in pieces`);
}
const end = await endOfWaiting().catch(String);
const isDone = end === "completed in attempt 1";
if (!isDone) failures += 1;
console.log(`${isDone ? "ok  " : "FAIL"} this control plane, an order that waits for an upgrade (${version}): ${end}`);
process.exitCode = failures;
