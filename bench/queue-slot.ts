import { join } from "node:path";
import type { EventJson } from "#shared/job/event.ts";
import { s3Client } from "#shared/storage/s3/client.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, startCommand } from "#tests/support/processes.ts";
import { startRedis } from "#tests/support/redis-server.ts";
import { startS3Front } from "#tests/support/s3-front.ts";
import { type S3Server, startS3Server } from "#tests/support/s3-server.ts";
import { client, temporaryFolder } from "#tests/support/service.ts";
import { type Figure, median, spreadOf } from "./figures.ts";
import { type Engine, engines, post, startQueueFarm } from "./queue-farm.ts";
import { binary, serveFile, startControlplane, workerSettings } from "./service.ts";
import { startSlowStore } from "./slow-store.ts";

const jobs = 40;
// The first jobs of a process take longer, until its code has been compiled.
const warmUp = 10;

const offers = 200;

/** From the end of a job until the next one has its slot: the control plane's part alone, then all of it. */
export async function queueSlot(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const engine of engines) figures.push(await offeredIn(engine), await filledIn(engine));
  return figures;
}

/** With a worker that asks no storage, beside a question to that worker through the same control plane. */
async function offeredIn(engine: Engine): Promise<Figure> {
  const ends: number[] = [];
  const gaps: number[] = [];
  const isOver = Promise.withResolvers<void>();
  const onSubmit = () => {
    const ended = ends.at(-1);
    if (ended !== undefined) gaps.push(performance.now() - ended);
  };
  const onAccepted = ({ jobId }: { jobId: string }) => {
    // The first one runs until all have been posted, the others for a moment.
    if (gaps.length === offers) isOver.resolve();
    else if (gaps.length > 0) setTimeout(end, 20, jobId);
  };
  await using farm = await startQueueFarm({ engine, worker: { onSubmit, onAccepted } });
  const end = (jobId: string) => {
    ends.push(performance.now());
    farm.worker.tell(jobId, { status: "completed" });
  };
  for (let posted = 0; posted <= offers; posted += 1) await post(farm.url);
  for (const jobId of farm.worker.journal.keys()) end(jobId);
  await isOver.promise;
  const asked: number[] = [];
  for (let round = 0; round < offers; round += 1) {
    const began = performance.now();
    await (await fetch(`${farm.url}/api/v1/workers/status`)).text();
    asked.push(performance.now() - began);
  }
  return {
    ...{ name: `the end of a job to the next offered to its worker, p50 (${engine})`, value: median(gaps), unit: "ms" },
    spread: spreadOf(gaps),
    yardstick: { name: "GET /workers/status", value: median(asked) },
    target: { most: 15, of: "value" },
  };
}

/** With a real worker, and records on S3 that takes 20 ms a request. */
async function filledIn(engine: Engine): Promise<Figure> {
  await using s3 = await startS3Server();
  await using front = await startS3Front(s3.options.endpoint ?? "");
  await using store = startSlowStore(front.url);
  await using farm = await startFarm(engine, { ...s3.env, S3_ENDPOINT: store.url, RECORD_STORAGE: "s3" });
  const requests = median(await requestTimes({ ...s3.options, endpoint: store.url }));

  const answers = [];
  for (let job = 0; job < warmUp + jobs; job += 1) answers.push(await farm.post());
  const gaps = gapsOf(await Promise.all(answers.map(({ body }) => followed(farm.api.stream(body["job_id"])))));
  const beyond = gaps.slice(warmUp).map((gap) => gap - 2 * requests);
  return {
    ...{ name: `a free slot filled, p50 beyond two storage requests (${engine})`, value: median(beyond), unit: "ms" },
    spread: spreadOf(beyond),
    yardstick: { name: "two storage requests", value: 2 * requests },
    target: { most: 15, of: "value" },
  };
}

async function startFarm(engine: Engine, records: Readonly<Record<string, string>>) {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder()).path;
  const source = stack.use(await serveFile(await clip({ seconds: 1, size: "320x180" })));
  const redis = engine === "Redis" ? stack.use(await startRedis()) : undefined;
  const port = await freePort();
  const settings = { ...workerSettings(home, port), ...records, STORAGE: "local", MAX_CONCURRENT_JOBS: "1" };
  stack.use(await startCommand([await binary("worker")], settings, "worker is ready"));
  const queue = { QUEUE_URL: redis?.url ?? `sqlite:${join(home, "room.sqlite")}` };
  const { url } = stack.use(await startControlplane([`127.0.0.1:${port}`], { ...records, ...queue }));
  const api = client(url);
  const owned = stack.move();
  return {
    api,
    post: () => api.post({ input_url: source.url, preset: "240p_fast", output: { storage: "local" } }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type Span = { from: number; to: number };

/** When a job had its slot, by its worker's clock, and when its end was told here. */
async function followed(events: AsyncIterable<EventJson>): Promise<Span> {
  let from = Number.NaN;
  for await (const { sequence, status, timestamp } of events) {
    if (sequence > 0 && Number.isNaN(from)) from = Date.parse(timestamp);
    if (status === "completed") return { from, to: Date.now() };
  }
  throw new Error("a job did not complete");
}

/** From the end of each job to the begin of the next. */
function gapsOf(spans: readonly Span[]): number[] {
  const inOrder = spans.toSorted((a, b) => a.from - b.from);
  return inOrder.slice(1).map(({ from }, index) => from - (inOrder[index]?.to ?? Number.NaN));
}

/** How long one request takes without a service: a small object is created, then read. */
async function requestTimes(options: S3Server["options"]): Promise<number[]> {
  const ask = s3Client(options);
  const { signal } = new AbortController();
  const times: number[] = [];
  const timed = async (work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  };
  for (let round = 0; round < warmUp + jobs; round += 1) {
    const object = { Bucket: options.bucket, Key: `yardstick/${round}.json` };
    await timed(() => ask((s3, call) => s3.putObject({ ...object, Body: "{}", IfNoneMatch: "*" }, call), signal));
    await timed(() => ask(async (s3, call) => (await s3.getObject(object, call)).Body?.transformToString(), signal));
  }
  return times.slice(2 * warmUp);
}
