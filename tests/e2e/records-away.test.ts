import { afterAll, beforeAll, expect, test } from "bun:test";
import { createServer } from "node:net";
import { startBreakingProxy } from "#tests/support/breaking-proxy.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { s3Reader } from "#tests/support/reader.ts";
import { startS3Front } from "#tests/support/s3-front.ts";
import { type S3Server, startS3Server } from "#tests/support/s3-server.ts";
import { type Answer, client, eventually, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { atLeast } from "#tests/support/slowness.ts";

const stack = new AsyncDisposableStack();
let home: string;
let s3: S3Server;
let store: Awaited<ReturnType<typeof startBreakingProxy>>;
let sources: ReturnType<typeof serveFiles>;
let settings: Record<string, string>;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  s3 = stack.use(await startS3Server());
  const front = stack.use(await startS3Front(s3.env.S3_ENDPOINT));
  store = stack.use(await startBreakingProxy(front.url));
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 1 }) }));
  settings = { ...s3.env, S3_ENDPOINT: store.url, STORAGE_TYPE: "s3", RECORD_STORAGE: "s3" };
});
afterAll(() => stack.disposeAsync());

/** A machine that sleeps: it notes who knocks, and does not wake. */
async function startSleeper(port = 0) {
  let knocks = 0;
  const server = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" ? (address?.port ?? 0) : 0,
    knocks: () => knocks,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const order = (path: string) => ({ input_url: sources.url("clip.mp4"), preset: "tiny", output: { path } });
const quickly = { WORKER_STARTUP_TIMEOUT: atLeast(2_000) };
const reasonOf = (what = "the storage cut the connection") => `s3 (bucket media at ${store.url}): ${what}`;
const problem = (reason = reasonOf()) => ({
  status: 503,
  body: { kind: "unreachable", status: 503, errors: [{ field: "RECORD_STORAGE", message: reason }] },
});
const named = (answer: Answer) => {
  expect(answer).toMatchObject(problem());
  expect(answer.body["detail"]).toBe(`the records of jobs cannot be read: ${reasonOf()}`);
  expect(answer.headers.get("retry-after")).toBe("5");
};

test("a bucket that is away during twenty jobs is named by every answer; they end when it is back, and nobody is woken", async () => {
  const port = await freePort();
  await using sleeper = await startSleeper();
  // The slot of an ended job may be taken for a moment yet: a full worker would be a reason to wake another.
  await using _worker = await startWorker({ port, home, ...settings, MAX_CONCURRENT_JOBS: "40", JOB_MEMORY: "1MiB" });
  await using controlplane = await startControlplane([port, sleeper.port], { ...settings, ...quickly });
  const { url } = controlplane;
  const api = client(url);
  const text = async (path: string) => (await fetch(url + path)).text();
  const ready = async () => JSON.parse(await text("/readyz"));

  const ended = (await api.post(order("before.mp4"), { prefer: "wait" })).body["job_id"];
  await eventually(async () => (await api.ask("/jobs")).body["incomplete"] === undefined, "the list is whole");
  expect(await ready()).toEqual({ status: "ready" });
  const running = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => (await api.post(order(`films/${index}.mp4`))).body["job_id"]),
  );

  const knocked = sleeper.knocks();
  store.break("cut", /./, Number.POSITIVE_INFINITY);
  const list = await api.ask("/jobs");
  expect(list).toMatchObject({ status: 200, body: { incomplete: [{ part: "records", reason: reasonOf() }] } });
  expect((list.body["jobs"] as { job_id: string }[]).map(({ job_id }) => job_id)).toEqual(
    expect.arrayContaining(running),
  );
  named(await api.post(order("keyed.mp4"), { "idempotency-key": '"one"' }));
  // Of these nobody has heard, or only a worker that has forgotten them knows.
  named(await api.job("1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90"));
  named(await api.cancel("1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90"));
  expect(await ready()).toEqual({ status: "ready", incomplete: [{ part: "records", reason: reasonOf() }] });
  const metrics = await text("/metrics");
  expect(metrics).toContain(`flux_records_up{storage="s3 (bucket media at ${store.url})"} 0\n`);
  expect(metrics).toContain(`flux_worker_records_up{worker="127.0.0.1:${port}"} 0\n`);
  expect((await api.job(ended)).body).toMatchObject({ status: "completed" });

  store.mend();
  for (const jobId of running)
    expect((await api.events(jobId)).at(-1)).toMatchObject({ status: "completed", attempt: 1 });
  await eventually(async () => (await ready()).incomplete === undefined, "the storage is known to be back");
  const recorded = async () => (await s3.keys(".flux/jobs/")).filter((key) => /\d\/[0-9a-f-]+\.json$/.test(key)).length;
  await eventually(async () => (await recorded()) === 21, "every end is recorded");
  const after = await api.ask("/jobs?limit=100");
  expect(after.body["incomplete"]).toBeUndefined();
  expect(after.body["jobs"]).toHaveLength(21);
  expect(await text("/metrics")).toContain(`flux_records_up{storage="s3 (bucket media at ${store.url})"} 1\n`);
  expect((await s3Reader(s3).all("films/")).keys).toHaveLength(20);
  expect(sleeper.knocks()).toBe(knocked);
  const logged = controlplane.said.filter((line) => line.includes('"msg":"the storage does not do what it is asked"'));
  expect(logged).toHaveLength(1);
  expect(JSON.parse(logged[0] ?? "")).toMatchObject({ level: "warn", storage: `s3 (bucket media at ${store.url})` });
});

test("what only records tell is 503 while they cannot be read, and no worker is woken for it", async () => {
  const port = await freePort();
  const worker = await startWorker({ port, home, ...settings });
  await using controlplane = await startControlplane([port], { ...settings, ...quickly });
  const api = client(controlplane.url);
  const jobId = (await api.post(order("early.mp4"), { prefer: "wait" })).body["job_id"];
  const marked = async (state: string) =>
    (await s3.keys(`.flux/jobs/outcomes/${state}/`)).some((key) => key.includes(String(jobId)));
  await eventually(async () => (await marked("completed")) && !(await marked("running")), "the end is recorded");
  await worker[Symbol.asyncDispose]();
  await using sleeper = await startSleeper(port);
  await using another = await startControlplane([port], { ...settings, ...quickly });
  const other = client(another.url);
  expect((await other.job(jobId)).body).toMatchObject({ status: "completed" });

  store.break("cut", /./, Number.POSITIVE_INFINITY);
  named(await other.job(jobId));
  named(await other.ask("/jobs"));
  named(await other.ask(`/jobs/${jobId}/retry`, { method: "POST" }));
  store.mend();
  expect((await eventuallyAnswered(() => other.job(jobId))).body).toMatchObject({ status: "completed" });
  expect(sleeper.knocks()).toBe(0);
});

test("a worker that has just begun says why it takes no order, and another bucket's trouble has other words", async () => {
  const port = await freePort();
  // It has no storage of records, so that the worker is asked for them.
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  await using _worker = await startWorker({ port, home, ...settings, S3_BUCKET: "elsewhere" });
  const reason = `s3 (bucket elsewhere at ${store.url}): the bucket does not exist`;
  expect(await api.post(order("fresh.mp4"))).toMatchObject(problem(reason));
  const list = await api.ask("/jobs");
  expect(list).toMatchObject(problem(reason));
});

test("a list says which worker did not answer for its jobs", async () => {
  const port = await freePort();
  await using worker = await startWorker({ port, home });
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  await api.post({ ...order("listed.mp4"), output: { storage: "local", path: "listed.mp4" } }, { prefer: "wait" });
  worker.kill("SIGSTOP");
  expect(await api.ask("/jobs")).toMatchObject({
    status: 200,
    body: { incomplete: [{ part: `worker 127.0.0.1:${port}`, reason: "the worker cannot be reached" }] },
  });
});

async function eventuallyAnswered(ask: () => Promise<Answer>) {
  let answer = await ask();
  await eventually(async () => {
    answer = await ask();
    return answer.status === 200;
  }, "it answers again");
  return answer;
}
