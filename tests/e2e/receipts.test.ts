import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { freePort, jobsFolder, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
const seconds = 4;
let sources: ReturnType<typeof serveFiles>;
let bytes: number;
let home: string;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  const path = await clip({ seconds });
  bytes = Bun.file(path).size;
  sources = stack.use(serveFiles({ "clip.mp4": path }));
});
afterAll(() => stack.disposeAsync());

const recordOf = async (jobId: unknown) => {
  const file = (await filesIn(home)).find((name) => name.endsWith(`${jobId}.json`));
  return (await Bun.file(join(home, file ?? "none")).json()).event;
};

test("a receipt says what the job took, in the event, the state and the record", async () => {
  const port = await freePort();
  await using _worker = await startWorker({ port, home, PRICE_PER_WORKER_HOUR: "3.6" });
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  const { job_id } = (await api.post({ input_url: sources.url("clip.mp4"), preset: "tiny" })).body;
  const last = (await api.events(job_id)).at(-1);
  const { receipt } = last ?? {};
  const output = Bun.file(new URL(last?.output_url ?? ""));

  expect(receipt).toMatchObject({ bytes_in: bytes, bytes_out: output.size, attempts: 1, storage_requests: 3 });
  expect(receipt?.media_seconds).toBeCloseTo(seconds, 0);
  expect(receipt?.cost).toBeCloseTo((receipt?.worker_seconds ?? 0) / 1_000, 5);
  expect(receipt?.cpu_seconds).toBeGreaterThan(0);
  // Less than ffmpeg has is a shell's, or the sandbox's.
  expect(receipt?.peak_memory).toBeGreaterThan(20 * 2 ** 20);
  const { worker_seconds = 0, source_seconds = 0, encode_seconds = 0, upload_seconds = 0 } = receipt ?? {};
  for (const part of [source_seconds, encode_seconds, upload_seconds]) expect(part).toBeGreaterThan(0);
  expect(source_seconds + encode_seconds + upload_seconds).toBeLessThanOrEqual(worker_seconds);
  expect((await api.job(job_id)).body["receipt"]).toEqual(receipt);
  await eventually(async () => (await recordOf(job_id)).status === "completed", "the end is recorded");
  expect((await recordOf(job_id)).receipt).toEqual(receipt);
});

test("a job that failed and one that was cancelled have taken something too", async () => {
  const port = await freePort();
  await using _worker = await startWorker({ port, home });
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  const failed = (await api.post({ input_url: sources.url("none.mp4"), preset: "tiny" })).body["job_id"];
  const end = (await api.events(failed)).at(-1);
  expect(end).toMatchObject({ status: "failed", receipt: { bytes_in: 0, bytes_out: 0, cpu_seconds: 0, attempts: 1 } });
  expect(end?.receipt).not.toHaveProperty("cost");

  const cancelled = (await api.post({ input_url: sources.url("clip.mp4"), preset: "slow" })).body["job_id"];
  await api.until(cancelled, ({ progress = 0 }) => progress > 20);
  await api.cancel(cancelled);
  const { status, receipt } = (await api.events(cancelled)).at(-1) ?? {};
  expect({ status, receipt }).toMatchObject({ status: "cancelled", receipt: { bytes_in: bytes, bytes_out: 0 } });
  expect(receipt?.cpu_seconds).toBeGreaterThan(0);
  expect(receipt?.media_seconds).toBeGreaterThan(0);
  expect(receipt?.media_seconds).toBeLessThan(seconds);
});

test("what an attempt took that a crash cut short is on the receipt", async () => {
  const port = await freePort();
  const env = { port, home, PRICE_PER_WORKER_HOUR: "3.6" };
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  const killed = await startWorker(env);
  const { job_id } = (await api.post({ input_url: sources.url("clip.mp4"), preset: "slow" })).body;
  const usage = () => Bun.file(join(jobsFolder(home, port), String(job_id), "usage.json"));
  await eventually(() => usage().exists(), "what it has taken is on the disk");
  killed.kill("SIGKILL");
  await killed.exited;
  const before = await usage().json();
  expect(before.workerSeconds).toBeGreaterThan(1);

  const began = performance.now();
  await using _next = await startWorker(env);
  const { receipt, status } = (await api.events(job_id)).at(-1) ?? {};
  const sinceSeconds = (performance.now() - began) / 1_000;
  expect({ status, receipt }).toMatchObject({ status: "completed", receipt: { attempts: 2 } });
  expect(receipt?.worker_seconds).toBeGreaterThan(before.workerSeconds + seconds - 1);
  expect(receipt?.worker_seconds).toBeLessThan(before.workerSeconds + sinceSeconds);
  expect(receipt?.media_seconds).toBeGreaterThan(seconds + before.mediaSeconds - 0.1);
  expect(receipt?.cost).toBeCloseTo((receipt?.worker_seconds ?? 0) / 1_000, 5);
});

test("pieces that an earlier attempt has encoded are told at once, and counted once", async () => {
  const port = await freePort();
  const dying = { port, home, SPLIT_SECONDS: "2", MAIN: "tests/support/dying-worker.ts" };
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  const killed = await startWorker({ ...dying, DIES: "after piece" });
  const { job_id } = (await api.post({ input_url: sources.url("clip.mp4"), preset: "hls_tiny" })).body;
  expect(await killed.exited).toBe(137);
  const usage = Bun.file(join(jobsFolder(home, port), String(job_id), "usage.json"));
  // What was used in the last second need not be on the disk, but the piece is.
  const { mediaSeconds } = await usage.json().catch(() => ({ mediaSeconds: 0 }));

  await using _next = await startWorker({ port, home, SPLIT_SECONDS: "2" });
  const again = (await api.events(job_id)).filter(({ attempt }) => attempt === 2);
  expect(again.find(({ pieces }) => pieces)).toMatchObject({ pieces: { done: 1, total: 2 }, progress: 47.5 });
  expect(again.at(-1)).toMatchObject({ status: "completed", receipt: { attempts: 2 } });
  expect(again.at(-1)?.receipt?.media_seconds).toBeCloseTo(Math.max(mediaSeconds, seconds / 2) + seconds / 2, 1);
});
