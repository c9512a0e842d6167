import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import {
  childrenOf,
  freePort,
  isAlive,
  jobsFolder,
  leftIn,
  type Process,
  startControlplane,
  startWorker,
} from "#tests/support/processes.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;
let home: string;
let worker: Process;
const port = await freePort();

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 6 }), "short.mp4": await clip({ seconds: 1 }) }));
  worker = stack.use(await startWorker({ port, home, MAX_CONCURRENT_JOBS: "4" }));
});
afterAll(() => stack.disposeAsync());

const api = async (env = {}) => client(stack.use(await startControlplane([port], env)).url);
const outputs = async () => (await filesIn(join(home, "out"))).filter((file) => !file.startsWith(".flux/"));
const workIsGone = () => eventually(async () => (await leftIn(jobsFolder(home, port))).length === 0, "work removed");

test("a cancelled job stops its ffmpeg and publishes nothing", async () => {
  const { post, cancel, until, events } = await api();
  const { job_id } = (await post({ input_url: sources.url("clip.mp4"), preset: "slow", output: { path: "gone.mp4" } }))
    .body;
  await until(job_id, ({ progress = 0 }) => progress > 0);
  const children = await childrenOf(worker.pid);

  expect((await cancel(job_id)).status).toBe(202);
  expect((await events(job_id)).at(-1)).toMatchObject({ status: "cancelled", error: { kind: "cancelled" } });
  expect((await Promise.all(children.map(isAlive))).some(Boolean)).toBe(false);
  expect(await outputs()).toEqual([]);
  await workIsGone();
  expect(await cancel(job_id)).toMatchObject({ status: 409, body: { kind: "conflict" } });
  expect(await cancel("00000000-unknown")).toMatchObject({ status: 404, body: { kind: "not_found" } });
});

test("a client that prefers to wait gets the outcome, and one whose wait is too short the way to it", async () => {
  const { post, cancel } = await api();
  const waited = await post({ input_url: sources.url("short.mp4"), preset: "tiny" }, { prefer: "wait=30" });
  expect(waited).toMatchObject({ status: 200, body: { status: "completed", progress: 100 } });
  expect(waited.body["output_url"]).toStartWith("file://");
  expect(waited.headers.get("preference-applied")).toBe("wait=30");

  const late = await post({ input_url: sources.url("clip.mp4"), preset: "slow" }, { prefer: "wait=1" });
  expect(late.status).toBe(202);
  await cancel(late.body["job_id"]);

  const failed = await post({ input_url: sources.url("missing.mp4"), preset: "tiny" }, { prefer: "wait" });
  expect(failed).toMatchObject({ status: 422, body: { kind: "source_failed", job_id: expect.any(String) } });
});

test("a job that runs out of time fails as that, and its ffmpeg is gone", async () => {
  const { post, job } = await api({ JOB_TIMEOUT: "1s" });
  const late = await post({ input_url: sources.url("clip.mp4"), preset: "slow" }, { prefer: "wait" });
  expect(late).toMatchObject({ status: 504, body: { kind: "timeout" } });
  expect((await job(late.body["job_id"])).body).toMatchObject({ status: "failed", error: { kind: "timeout" } });
  expect(await childrenOf(worker.pid)).toEqual([]);
  await workIsGone();
});

test("an ended job can be ordered again", async () => {
  const { post, ask, events } = await api();
  const first = await post({ input_url: sources.url("short.mp4"), preset: "tiny" }, { prefer: "wait" });
  const again = await ask(`/jobs/${first.body["job_id"]}/retry`, { method: "POST" });
  expect(again.status).toBe(202);
  expect(again.body["job_id"]).not.toBe(first.body["job_id"]);
  expect((await events(again.body["job_id"])).at(-1)).toMatchObject({ status: "completed" });
});
