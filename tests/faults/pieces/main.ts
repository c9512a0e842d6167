/**
 * `bun run test:pieces [--seconds 300] [--workers 3]`: several workers encode one film while helpers are killed, its owner is
 * killed twice and the storage is away for 20 s. Every picture of the output is looked at.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { EventJson } from "#shared/job/event.ts";
import { prefixOf } from "#shared/job/id.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, type Process, startControlplane, startWorker } from "#tests/support/processes.ts";
import { startS3Front } from "#tests/support/s3-front.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { client, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { startTcpProxy } from "#tests/support/tcp-proxy.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "300" }, workers: { type: "string", default: "3" } },
});
const [seconds, count, rate] = [Number(values.seconds), Number(values.workers), 25];
const awayMs = 20_000;

const preset = `name: film
description: A film that takes a while
video: { codec: h264, gop_seconds: 2, renditions: [{ size: 360, crf: 23, maxrate: 3000k, bufsize: 6000k }] }
audio: { codec: aac, bitrate: 64k }
`;

await using stack = new AsyncDisposableStack();
const home = stack.use(await temporaryFolder()).path;
await Bun.write(join(home, "presets/film.yaml"), preset);
const s3 = stack.use(await startS3Server());
const front = stack.use(await startS3Front(s3.env.S3_ENDPOINT));
const proxy = stack.use(await startTcpProxy(Number(new URL(front.url).port)));
const settings = {
  ...{ home, PRESETS_DIR: join(home, "presets"), SPLIT_SECONDS: "10", MAX_ATTEMPTS: "5" },
  ...{ ...s3.env, S3_ENDPOINT: `http://127.0.0.1:${proxy.port}`, STORAGE_TYPE: "s3" },
};
const sources = stack.use(serveFiles({ "film.mp4": await clip({ seconds, rate, size: "640x360" }) }));
const ports = await Promise.all(Array.from({ length: count }, freePort));
const workers = new Map<number, Process>();
const start = async (port: number) => void workers.set(port, stack.use(await startWorker({ port, ...settings })));
await Promise.all(ports.map(start));
const controlplane = stack.use(await startControlplane(ports));
const api = client(controlplane.url);

const order = { input_url: sources.url("film.mp4"), preset: "film", workers: count };
const posted = await api.post(order);
if (posted.status !== 202) throw new Error(JSON.stringify(posted.body));
const id = posted.body["job_id"];
const owner = ports.find((port) => String(id).startsWith(prefixOf(`127.0.0.1:${port}`))) ?? 0;
const say = (words: string) => console.log(`${new Date().toISOString()} ${words}`);

async function restart(port: number, words: string) {
  say(`${words} is killed`);
  workers.get(port)?.kill("SIGKILL");
  await workers.get(port)?.exited;
  await start(port);
}
const isHelping = (port: number) =>
  port !== owner && (workers.get(port)?.said ?? []).some((line) => line.includes("encoding a piece of another"));
const restartHelper = async () => {
  const helper = ports.find(isHelping);
  if (helper !== undefined) await restart(helper, "a helper");
};

/** What happens when such a share of the pieces is there. */
const faults: { at: number; strike(): Promise<unknown> }[] = [
  { at: 0.1, strike: restartHelper },
  { at: 0.25, strike: () => restart(owner, "the owner") },
  {
    at: 0.4,
    async strike() {
      say("the storage is away");
      proxy.set({ how: "refused" });
      await Bun.sleep(awayMs);
      proxy.set({ how: "passed" });
      say("the storage is back");
    },
  },
  { at: 0.55, strike: () => restart(owner, "the owner") },
  { at: 0.7, strike: restartHelper },
];

let last: EventJson | undefined;
let striking = Promise.resolve<unknown>(undefined);
for await (const event of api.stream(id)) {
  last = event;
  const { done = 0, total = 1 } = event.pieces ?? {};
  if (faults[0] && done / total >= faults[0].at) {
    const fault = faults.shift();
    striking = striking.then(() => fault?.strike());
  }
}
await striking;
say(`${last?.status} in attempt ${last?.attempt}: ${JSON.stringify(last?.pieces)} ${last?.error?.message ?? ""}`);

const output = join(home, "output.mp4");
const [key = ""] = (await s3.keys("outputs/")).filter((found) => found.endsWith(".mp4"));
await Bun.write(output, await s3.bytes(key));
const { stdout, stderr } = await Bun.$`ffmpeg -v warning -i ${output} -map 0:v -f framecrc -`.quiet();
const shown = [...stdout.toString().matchAll(/^0, *(\d+), *(\d+), *1,/gm)].map(([, , at]) => Number(at));
const left = (await s3.keys(".flux/")).filter((found) => found.includes("/pieces/") && !found.endsWith("ended.json"));
const helped = controlplane.said.filter((line) => line.includes("a worker has encoded a piece")).length;
say(`others have encoded ${helped} pieces`);
const complaints = [
  ...(last?.status === "completed" ? [] : ["the job did not complete"]),
  ...(faults.length === 0 ? [] : [`${faults.length} faults did not strike`]),
  ...(shown.length === seconds * rate ? [] : [`${shown.length} of ${seconds * rate} pictures are there`]),
  ...(shown.every((at, n) => at === n) ? [] : ["pictures are not shown one after the other"]),
  ...(stderr.toString() === "" ? [] : [`a decoder complains: ${stderr}`]),
  ...(helped > 0 ? [] : ["nobody has helped"]),
  ...(left.length === 0 ? [] : [`the board holds ${left.join(", ")}`]),
];
for (const complaint of complaints) console.error(`BROKEN: ${complaint}`);
process.exitCode = complaints.length > 0 ? 1 : 0;
