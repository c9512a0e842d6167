import { afterAll, beforeAll, expect, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EventJson } from "#shared/job/event.ts";
import { clip } from "#tests/support/clips.ts";
import { outcome } from "#tests/support/outcome.ts";
import {
  childrenOf,
  freePort,
  isAlive,
  jobsFolder,
  leftIn,
  startControlplane,
  startWorker,
} from "#tests/support/processes.ts";
import { client, eventually, ffprobe, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { atLeast } from "#tests/support/slowness.ts";

const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;
let home: string;
const seconds = 4;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  const file = await clip({ seconds });
  sources = stack.use(serveFiles({ "clip.mp4": file, "once.mp4": file, "short.mp4": await clip({ seconds: 1 }) }));
});
afterAll(() => stack.disposeAsync());

const isEncoding = ({ progress = 0 }: EventJson) => progress > 0;

test("a stream goes on through another control plane when the first is killed, with no number missing", async () => {
  const port = await freePort();
  await using _worker = await startWorker({ port, home });
  await using first = await startControlplane([port]);
  await using second = await startControlplane([port]);
  const { job_id } = (await client(first.url).post({ input_url: sources.url("clip.mp4"), preset: "slow" })).body;

  const seen: EventJson[] = [];
  const reading = (async () => {
    for await (const event of client(first.url).stream(job_id)) {
      seen.push(event);
      if (isEncoding(event)) first.kill("SIGKILL");
    }
  })();
  expect(await outcome(reading)).toThrow();
  const rest = await client(second.url).events(job_id, seen.at(-1)?.sequence);

  const all = [...seen, ...rest];
  expect(rest.length).toBeGreaterThan(1);
  expect(all.map((event) => event.sequence)).toEqual(all.map((_, index) => index + 1));
  expect(all.at(-1)).toMatchObject({ status: "completed", attempt: 1 });
});

test("a worker that is killed and started again finishes the job with the source it has", async () => {
  const port = await freePort();
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  const killed = await startWorker({ port, home });
  const { job_id } = (await api.post({ input_url: sources.url("once.mp4"), preset: "slow" })).body;
  const watching = api.events(job_id);

  await api.until(job_id, isEncoding);
  // The encode, and perhaps one that asks ffmpeg what it can.
  const children = await childrenOf(killed.pid);
  expect(children).not.toBeEmpty();
  killed.kill("SIGKILL");
  await killed.exited;
  await eventually(async () => !(await Promise.all(children.map(isAlive))).some(Boolean), "ffmpeg is gone");

  await using _again = await startWorker({ port, home });
  const events = await watching;
  const sequences = events.map((event) => event.sequence);
  expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
  expect(events.map((event) => event.attempt)).toContain(2);
  const last = events.at(-1);
  expect(last).toMatchObject({ status: "completed", attempt: 2 });
  expect(sources.asked.filter((path) => path === "/once.mp4")).toHaveLength(1);
  const { duration } = await ffprobe(fileURLToPath(last?.output_url ?? ""));
  expect(Math.abs(duration - seconds)).toBeLessThan(0.3);
  await eventually(async () => (await leftIn(jobsFolder(home, port))).length === 0, "no directory is left");
  expect(await filesIn(join(home, "out"))).not.toContainEqual(expect.stringContaining(".part"));
});

test("a drained worker leaves the job on its disk, says so by its exit code, and the next one finishes it", async () => {
  const port = await freePort();
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  const drained = await startWorker({ port, home, DRAIN_TIMEOUT: "100ms" });
  const { job_id } = (await api.post({ input_url: sources.url("clip.mp4"), preset: "slow" })).body;
  const watching = api.events(job_id);
  await api.until(job_id, isEncoding);
  drained.kill("SIGTERM");
  expect(await drained.exited).toBe(75);

  await using _next = await startWorker({ port, home, MAX_ATTEMPTS: "1" });
  expect((await watching).at(-1)).toMatchObject({ status: "completed", attempt: 2 });
});

test("a drained worker lets a job end that can within the grace, and exits 0", async () => {
  const port = await freePort();
  await using controlplane = await startControlplane([port], { WORKER_STARTUP_TIMEOUT: atLeast(500) });
  const api = client(controlplane.url);
  const drained = await startWorker({ port, home });
  const { job_id } = (await api.post({ input_url: sources.url("clip.mp4"), preset: "slow" })).body;
  const watching = api.events(job_id);
  await api.until(job_id, isEncoding);
  drained.kill("SIGTERM");
  const refused = await api.post({ input_url: sources.url("clip.mp4"), preset: "slow" });
  expect(refused).toMatchObject({ status: 503, body: { kind: "busy" } });
  expect(await drained.exited).toBe(0);
  expect((await watching).at(-1)).toMatchObject({ status: "completed", attempt: 1 });
});

test("a job that kills its worker again and again fails in the end", async () => {
  const port = await freePort();
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  let worker = await startWorker({ port, home, MAX_ATTEMPTS: "2" });
  const { job_id } = (await api.post({ input_url: sources.url("clip.mp4"), preset: "slow" })).body;
  const watching = api.events(job_id);
  for (const attempt of [1, 2]) {
    await api.until(job_id, (event) => event.attempt === attempt && isEncoding(event));
    worker.kill("SIGKILL");
    await worker.exited;
    worker = await startWorker({ port, home, MAX_ATTEMPTS: "2" });
  }
  await using _last = worker;
  expect((await watching).at(-1)).toMatchObject({ status: "failed", attempt: 3, error: { kind: "worker_lost" } });
});

test("an end that the storage refuses is told from memory, and recorded when it can be, by this worker or the next", async () => {
  await using folder = await temporaryFolder();
  const port = await freePort();
  const [out, work] = [join(folder.path, "out"), jobsFolder(folder.path, port)];
  // Where records go there is a file, so that there can be no folder.
  const refuse = async () => {
    await rm(join(out, ".flux"), { recursive: true, force: true });
    await Bun.write(join(out, ".flux"), "");
  };
  const isRecorded = async (jobId: unknown) => (await filesIn(out)).some((file) => file.endsWith(`${jobId}.json`));
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  const ended = async () => {
    await refuse();
    const { job_id } = (await api.post({ input_url: sources.url("short.mp4"), preset: "tiny" })).body;
    expect((await api.events(job_id)).at(-1)).toMatchObject({ status: "completed" });
    await eventually(() => Bun.file(join(work, String(job_id), "end.json")).exists(), "its end is on the disk");
    expect((await api.job(job_id)).body).toMatchObject({ status: "completed" });
    return job_id;
  };

  const worker = await startWorker({ port, home: folder.path });
  const first = await ended();
  await rm(join(out, ".flux"));
  await eventually(() => isRecorded(first), "the end is recorded");
  await eventually(async () => (await leftIn(work)).length === 0, "no directory is left");

  const second = await ended();
  worker.kill("SIGTERM");
  expect(await worker.exited).toBe(75);
  await rm(join(out, ".flux"));
  await using _next = await startWorker({ port, home: folder.path });
  await eventually(() => isRecorded(second), "the end is recorded");
});

test("two workers cannot share a work directory", async () => {
  const [port, other] = [await freePort(), await freePort()];
  await using _worker = await startWorker({ port, home });
  const second = startWorker({ port: other, home, WORK_DIR: join(home, `work-${port}`) });
  expect(await outcome(second)).toThrow("WORK_DIR: another worker uses this directory");
});
