import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { hashOf } from "#controlplane/auth/keys.ts";
import { orderHash } from "#controlplane/orders/order-hash.ts";
import { makeClaims } from "#shared/claims.ts";
import { jobIdAt } from "#shared/job/id.ts";
import { makeRecords } from "#shared/records.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { clip } from "#tests/support/clips.ts";
import { anOrder } from "#tests/support/orders.ts";
import { freePort, jobsFolder, leftIn, startControlplane, startWorker } from "#tests/support/processes.ts";
import { startS3Front } from "#tests/support/s3-front.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { type Answer, client, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;

beforeAll(async () => {
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 4 }), "short.mp4": await clip({ seconds: 1 }) }));
});
afterAll(() => stack.disposeAsync());

const long = () => ({ input_url: sources.url("clip.mp4"), preset: "slow" });
const short = () => ({ input_url: sources.url("short.mp4"), preset: "tiny" });
const withKey = (key: string) => ({ "Idempotency-Key": key });

type Farm = { workers?: number; env?: Record<string, string> };

/** Two control planes before workers of one slot each. */
async function startFarm({ workers = 2, env = {} }: Farm = {}) {
  const parts = new AsyncDisposableStack();
  const home = parts.use(await temporaryFolder()).path;
  const ports = await Promise.all(Array.from({ length: workers }, freePort));
  const startOn = async (port: number) =>
    parts.use(await startWorker({ port, home, MAX_CONCURRENT_JOBS: "1", ...env }));
  const running = await Promise.all(ports.map(startOn));
  const controlplanes = [parts.use(await startControlplane(ports)), parts.use(await startControlplane(ports))];
  const storage = localStorage({ root: join(home, "out") });
  return {
    ports,
    running,
    startOn,
    apis: controlplanes.map(({ url }) => client(url)),
    records: makeRecords({ storage, prefix: ".flux/jobs" }),
    claims: makeClaims({ storage, prefix: ".flux/jobs", secret: "", now: Date.now }),
    /** Of every job that a worker has accepted. */
    recorded: async () => (await filesIn(join(home, "out/.flux/jobs"))).filter((path) => /^\d{4}-.*\.json$/.test(path)),
    claimFiles: async () => {
      const claims = join(home, "out/.flux/jobs/claims");
      return (await filesIn(claims)).map((path) => join(claims, path));
    },
    accepted: async () => {
      const folders = await Promise.all(ports.map((port) => leftIn(jobsFolder(home, port))));
      return folders.flat().filter((name) => name.includes("-"));
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

const postMany = (
  { apis }: Pick<Awaited<ReturnType<typeof startFarm>>, "apis">,
  order: object,
  key: string,
  count = 20,
) => Promise.all(Array.from({ length: count }, (_, n) => apis[n % apis.length]?.post(order, withKey(key))));

function theOneJob(answers: readonly (Answer | undefined)[]) {
  expect(answers.map((answer) => answer?.status)).toEqual(answers.map(() => 202));
  const ids = new Set(answers.map((answer) => answer?.body["job_id"]));
  expect(ids.size).toBe(1);
  const first = answers.filter((answer) => answer?.headers.get("Idempotency-Replayed") === null);
  expect(first.length).toBeLessThanOrEqual(1);
  return String([...ids][0]);
}

test("20 orders at once with one key through two control planes make one job", async () => {
  await using farm = await startFarm();
  const jobId = theOneJob(await postMany(farm, long(), "twenty"));
  expect(await farm.accepted()).toEqual([jobId]);
  const end = (await farm.apis[0]?.events(jobId))?.at(-1);
  expect(end?.status).toBe("completed");
  expect(theOneJob(await postMany(farm, long(), "twenty", 2))).toBe(jobId);
  expect((await farm.recorded()).length).toBe(1);
});

test("a repeat finds its job when every worker is full, and another order is refused", async () => {
  await using farm = await startFarm();
  const [one, two] = farm.apis;
  const other = await one?.post(long());
  const { body } = (await one?.post(long(), withKey("full"))) ?? {};
  const repeat = await two?.post(long(), { ...withKey('"full"'), Prefer: "wait=0" });
  expect([repeat?.status, repeat?.body["job_id"]]).toEqual([202, body?.["job_id"]]);
  expect(repeat?.headers.get("Idempotency-Replayed")).toBe("true");
  expect(repeat?.body["job_id"]).not.toBe(other?.body["job_id"]);

  const another = await two?.post({ ...long(), preset: "tiny" }, withKey("full"));
  expect([another?.status, another?.body["kind"]]).toEqual([422, "invalid"]);
  const full = await two?.post(long(), withKey("new"));
  expect([full?.status, full?.body["kind"]]).toEqual([503, "busy"]);
});

test("a repeat finds its job after the worker was killed, and after the job has ended", async () => {
  await using farm = await startFarm({ workers: 1 });
  const [one, two] = farm.apis;
  const first = await one?.post(long(), withKey("killed"));
  farm.running[0]?.kill("SIGKILL");
  await farm.running[0]?.exited;
  await farm.startOn(farm.ports[0] ?? 0);
  const again = await two?.post(long(), { ...withKey("killed"), Prefer: "wait" });
  expect([again?.status, again?.body["status"], again?.body["attempt"]]).toEqual([200, "completed", 2]);
  expect(again?.body["job_id"]).toBe(first?.body["job_id"]);
  expect((await farm.recorded()).length).toBe(1);
});

test("an order that was not accepted leaves its key free", async () => {
  await using farm = await startFarm({ workers: 1 });
  const [one] = farm.apis;
  expect((await one?.post({ ...short(), preset: "missing" }, withKey("free")))?.status).toBe(404);
  expect((await one?.post(short(), { ...withKey("free"), Prefer: "wait" }))?.status).toBe(200);
});

test("a claim whose worker died before it accepted the job gives way to one other job", async () => {
  await using farm = await startFarm();
  const dead = jobIdAt(`127.0.0.1:${farm.ports[0]}`, Bun.randomUUIDv7());
  const asked = { tenant: "", idempotencyKey: "dead", orderHash: orderHash(long()) };
  await farm.claims.make({ ...asked, jobId: dead, claim: 1 }, AbortSignal.timeout(120_000));
  const jobId = theOneJob(await postMany(farm, long(), "dead"));
  expect(jobId).not.toBe(dead);
  expect(await farm.accepted()).toEqual([jobId]);
});

test.each([
  ["holds", 23],
  ["is over", 25],
])("a key %s %i hours after its job's end", async (_, hours) => {
  await using farm = await startFarm({ workers: 1 });
  const signal = AbortSignal.timeout(120_000);
  const jobId = jobIdAt(`127.0.0.1:${farm.ports[0]}`, Bun.randomUUIDv7());
  const order = anOrder({ jobId, inputUrl: short().input_url });
  const timestamp = new Date(Date.now() - hours * 3_600_000).toISOString();
  await farm.records.write(
    { order, event: { jobId, sequence: 9, status: "completed", attempt: 1, timestamp } },
    signal,
  );
  const asked = { tenant: "", idempotencyKey: "old", orderHash: orderHash(short()) };
  await farm.claims.make({ ...asked, jobId, claim: 1 }, signal);
  const answer = await farm.apis[0]?.post(short(), withKey("old"));
  expect(answer?.status).toBe(202);
  expect(answer?.body["job_id"] === jobId).toBe(hours < 24);
});

test("an ended job is ordered again once, however often that is asked with one key", async () => {
  await using farm = await startFarm();
  const [one, two] = farm.apis;
  const { job_id } = (await one?.post(short(), { Prefer: "wait" }))?.body ?? {};
  const again = (api: typeof one, body = {}) =>
    api?.ask(`/jobs/${job_id}/retry`, {
      method: "POST",
      headers: { "content-type": "application/json", ...withKey("again") },
      body: JSON.stringify(body),
    });
  const jobId = theOneJob(await Promise.all([one, two, one, two].map((api) => again(api))));
  expect(jobId).not.toBe(String(job_id));
  expect((await again(one, { callback_url: "http://127.0.0.1:9/" }))?.status).toBe(422);
});

test("a client that has as many jobs as it may still finds its own by their keys", async () => {
  await using home = await temporaryFolder();
  const API_KEYS_FILE = join(home.path, "keys.json");
  const entry = { name: "ci", tenant: "acme", scopes: ["jobs:write"], hash: hashOf("key-of-acme"), max_jobs: 1 };
  await Bun.write(API_KEYS_FILE, JSON.stringify([entry]));
  const port = await freePort();
  await using _worker = await startWorker({ port, home: home.path, MAX_CONCURRENT_JOBS: "2" });
  await using controlplane = await startControlplane([port], { API_KEYS_FILE, HOST: "127.0.0.1" });
  const post = (key: string) =>
    client(controlplane.url).post(long(), { ...withKey(key), authorization: "Bearer key-of-acme" });
  const first = await post("mine");
  expect(first.status).toBe(202);
  const [repeat, another] = [await post("mine"), await post("another")];
  expect([repeat.status, repeat.body["job_id"]]).toEqual([202, first.body["job_id"]]);
  expect([another.status, another.body["kind"]]).toEqual([429, "rate_limited"]);
});

test("claims are kept in S3 too", async () => {
  await using server = await startS3Server();
  await using front = await startS3Front(server.options.endpoint ?? "");
  await using farm = await startFarm({ env: { ...server.env, S3_ENDPOINT: front.url, STORAGE_TYPE: "s3" } });
  theOneJob(await postMany(farm, short(), "s3", 6));
  const claims = (await server.keys()).filter((key) => key.startsWith(".flux/jobs/claims/"));
  expect(claims.length).toBe(1);
});

test.each(["ignored", "unknown"] as const)(
  "where a store has If-None-Match %s the header is refused, and no job is made; segments have a folder of their own",
  async (conditional) => {
    await using server = await startS3Server();
    await using front = await startS3Front(server.options.endpoint ?? "", { conditional });
    await using farm = await startFarm({ env: { ...server.env, S3_ENDPOINT: front.url, STORAGE_TYPE: "s3" } });
    const answers = await postMany(farm, short(), "s3", 8);
    expect(answers.map((answer) => answer?.status)).toEqual(answers.map(() => 400));
    expect(answers[0]?.body["errors"]).toEqual([
      { field: "Idempotency-Key", message: "the storage of records cannot keep claims; leave the header out" },
    ]);
    expect(await farm.accepted()).toEqual([]);
    const warned = farm.running[0]?.said.filter((line) => line.includes("lets two create the same object"));
    expect(warned).toHaveLength(1);

    const before = front.requests.length;
    const order = { ...short(), preset: "hls_tiny", output: { path: "films/" } };
    const done = await farm.apis[0]?.post(order, { prefer: "wait" });
    expect(done?.body).toMatchObject({ status: "completed" });
    const created = front.requests
      .slice(before)
      .filter((request) => /^PUT .*(claims|paths|created-once)/.test(request));
    expect(created).toEqual([]);
    expect((await server.keys("films/")).filter((key) => key.endsWith(".ts")).every((key) => /-1\/\w+/.test(key))).toBe(
      true,
    );
  },
);

test("where records are kept on an FTP server the header is refused, and says why", async () => {
  const ftp = { RECORD_STORAGE: "ftp", FTP_HOST: "127.0.0.1", FTP_PORT: "9", FTP_SECURE: "none" };
  await using farm = await startFarm({ workers: 1, env: ftp });
  const refused = await farm.apis[0]?.post(short(), withKey("ftp"));
  expect([refused?.status, refused?.body["kind"]]).toEqual([400, "invalid"]);
  expect(refused?.body["errors"]).toEqual([
    { field: "Idempotency-Key", message: "the storage of records cannot keep claims; leave the header out" },
  ]);
});

test("a claim that a storage has damaged stands for its job if that can be read, and never keeps its key from use", async () => {
  await using farm = await startFarm({ workers: 1 });
  const [api] = farm.apis;
  const first = await api?.post(short(), withKey("damaged"));
  expect(first?.status).toBe(202);
  await api?.events(first?.body["job_id"]);
  const [claim = ""] = await farm.claimFiles();
  const whole = await Bun.file(claim).text();

  await Bun.write(claim, whole.slice(0, whole.indexOf('"order"')));
  const repeat = await api?.post(short(), withKey("damaged"));
  expect(repeat).toMatchObject({ status: 202, body: { job_id: first?.body["job_id"] } });

  await Bun.write(claim, "\0".repeat(whole.length));
  const next = await api?.post(short(), withKey("damaged"));
  expect(next?.status).toBe(202);
  expect(next?.body["job_id"]).not.toBe(first?.body["job_id"]);
  const again = await api?.post(short(), withKey("damaged"));
  expect(again).toMatchObject({ status: 202, body: { job_id: next?.body["job_id"] } });
});
