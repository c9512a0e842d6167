import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { hashOf } from "#controlplane/auth/keys.ts";
import { jobIdAt } from "#shared/job/id.ts";
import { makeRecords } from "#shared/records.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { startBreakingProxy } from "#tests/support/breaking-proxy.ts";
import { clip } from "#tests/support/clips.ts";
import { startFtpServer } from "#tests/support/ftp-server.ts";
import { anOrder } from "#tests/support/orders.ts";
import { freePort, jobsFolder, startControlplane, startWorker } from "#tests/support/processes.ts";
import { publishedKeys } from "#tests/support/published.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;

beforeAll(async () => {
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 2 }) }));
});
afterAll(() => stack.disposeAsync());

/** A storage of outputs, looked at by another way than the service's. */
type Place = { env: Record<string, string>; keys(): Promise<string[]>; bytes(key: string): Promise<Buffer> };

async function folder(): Promise<Place> {
  const root = stack.use(await temporaryFolder()).path;
  const bytes = async (key: string) => Buffer.from(await Bun.file(join(root, key)).bytes());
  return { env: { LOCAL_ROOT: root }, keys: () => filesIn(root), bytes };
}
const s3 = async (): Promise<Place> => {
  const server = stack.use(await startS3Server());
  return { ...server, env: { ...server.env, STORAGE_TYPE: "s3" }, keys: () => server.keys() };
};
const vsftpd = toolPath("vsftpd");
const ftp = async (): Promise<Place> => {
  const server = stack.use(await startFtpServer(vsftpd ?? "", "explicit"));
  return { ...server, env: { ...server.env, STORAGE_TYPE: "ftp" } };
};

/** A worker and a control plane on one storage for outputs and records. */
async function service({ env }: Place, more: Record<string, string> = {}) {
  const home = stack.use(await temporaryFolder()).path;
  const port = await freePort();
  stack.use(await startWorker({ port, home, ...env, ...more }));
  return client(stack.use(await startControlplane([port])).url);
}

const remove = (api: ReturnType<typeof client>, id: unknown, headers: Record<string, string> = {}) =>
  api.ask(`/jobs/${id}?output=true`, { method: "DELETE", headers });
const order = (preset: string, path: string, more: object = {}) => ({
  input_url: sources.url("clip.mp4"),
  preset,
  output: { path, ...more },
});
/** What is no output and no claim that stays for ever. */
const ofJobs = (keys: readonly string[], id: unknown) => keys.filter((key) => key.includes(String(id)));
const outputs = (keys: readonly string[]) => keys.filter((key) => !key.startsWith(".flux")).sort();

const places = [
  ["a folder", folder, true],
  ["S3", s3, true],
  ["FTP", ftp, vsftpd !== undefined],
] as const;

describe.each(places)("in %s", (_, open, isThere) => {
  let place: Place;
  let api: ReturnType<typeof client>;

  beforeAll(async () => {
    if (!isThere) return;
    place = await open();
    api = await service(place);
  });

  test.skipIf(!isThere)(
    "a record lists what lies there of the output, and its removal leaves none of both",
    async () => {
      const shapes = [
        order("tiny", "films/one.mp4"),
        order("hls_tiny", "films/ladder/"),
        order("hls_locked", "films/locked/"),
        order("hls_slow", "films/growing/", { publish: "progressive" }),
      ];
      for (const shape of shapes) {
        const { body } = await api.post(shape, { prefer: "wait" });
        expect(body).toMatchObject({ status: "completed" });
        const { job_id } = body;
        await eventually(async () => (await publishedKeys(job_id, place)) !== undefined, "the list beside the record");
        const listed = (await publishedKeys(job_id, place)) ?? [];
        expect(listed).toEqual(outputs(await place.keys()));
        expect(body["outputs"]).toMatchObject({ files: listed.length });

        const removed = await remove(api, job_id);
        expect(removed).toMatchObject({ status: 200, body: { job_id, removed: listed.length, different: [] } });
        expect(outputs(await place.keys())).toEqual([]);
        expect(ofJobs(await place.keys(), job_id)).toEqual([]);
        expect(await api.job(job_id)).toMatchObject({ status: 404 });
        expect(await remove(api, job_id)).toMatchObject({ status: 404 });
        expect((await api.ask("/jobs")).body["jobs"]).toEqual([]);
      }
    },
  );

  test.skipIf(!isThere)("what another job has put at a key stays, and the answer names it", async () => {
    const first = await api.post(order("hls_tiny", "films/shared/"), { prefer: "wait" });
    const alone = outputs(await place.keys());
    const over = order("hls_tiny", "films/shared/", { overwrite: true });
    const second = await api.post(over, { prefer: "wait" });
    const both = outputs(await place.keys());
    expect(both.length).toBeGreaterThan(alone.length);

    const { status, body } = await remove(api, first.body["job_id"]);
    expect([status, body["different"], body["different_total"]]).toEqual([200, ["films/shared/master.m3u8"], 1]);
    expect(body["removed"]).toBe(alone.length - 1);
    const left = outputs(await place.keys());
    expect(left).toEqual(both.filter((key) => !alone.includes(key) || key.endsWith("master.m3u8")));
    expect(await remove(api, second.body["job_id"])).toMatchObject({ status: 200, body: { removed: left.length } });
    expect(outputs(await place.keys())).toEqual([]);
  });
});

test("only a job that has ended is removed, and only for its own tenant with the scope for it", async () => {
  await using home = await temporaryFolder();
  const entry = (name: string, tenant: string, scopes: string[]) => ({
    name,
    tenant,
    scopes,
    hash: hashOf(`key-${name}`),
  });
  const API_KEYS_FILE = join(home.path, "keys.json");
  const all = ["jobs:write", "jobs:read", "jobs:remove"];
  const keys = [entry("a", "acme", all), entry("b", "beta", all), entry("c", "acme", ["jobs:write", "jobs:read"])];
  await Bun.write(API_KEYS_FILE, JSON.stringify(keys));
  const port = await freePort();
  await using _worker = await startWorker({ port, home: home.path });
  await using started = await startControlplane([port], { API_KEYS_FILE, HOST: "127.0.0.1" });
  const api = client(started.url);
  const by = (name: string) => ({ authorization: `Bearer key-${name}` });

  const slow = { input_url: sources.url("clip.mp4"), preset: "hls_slow", output: {} };
  const { job_id } = (await api.post(slow, by("a"))).body;
  expect(await remove(api, job_id, by("c"))).toMatchObject({ status: 403, body: { kind: "forbidden" } });
  expect(await remove(api, job_id, by("b"))).toMatchObject({ status: 404 });
  const early = await remove(api, job_id, by("a"));
  expect(early).toMatchObject({ status: 409, body: { kind: "conflict" } });
  expect(early.body["detail"]).toContain("cancel it first");
  expect(await remove(api, "nobody", by("a"))).toMatchObject({ status: 404 });
  expect(await api.ask(`/jobs/${job_id}?output=yes`, { method: "DELETE", headers: by("a") })).toMatchObject({
    status: 400,
  });

  const cancelled = await api.ask(`/jobs/${job_id}`, { method: "DELETE", headers: by("c") });
  expect(cancelled).toMatchObject({ status: 202, body: { status: "cancelling" } });
  const isOver = async () => (await api.ask(`/jobs/${job_id}`, { headers: by("a") })).body["status"] === "cancelled";
  await eventually(isOver, "the cancel");
  expect(await remove(api, job_id, by("a"))).toMatchObject({ status: 200, body: { removed: 0 } });
  expect(ofJobs(await filesIn(join(home.path, "out")), job_id)).toEqual([]);
});

test("a job of a former version, whose record lists nothing, is removed once its output is gone", async () => {
  const place = await folder();
  const api = await service(place);
  for (const [preset, path] of [
    ["tiny", "films/old.mp4"],
    ["hls_tiny", "films/old/"],
  ] as const) {
    const { job_id } = (await api.post(order(preset, path), { prefer: "wait" })).body;
    const at = (end: string) => async () => (await place.keys()).find((key) => key.endsWith(`${job_id}${end}`));
    const root = place.env["LOCAL_ROOT"] ?? "";
    const record = join(root, (await at(".json")()) ?? "");
    await eventually(async () => (await Bun.file(record).json()).event.status === "completed", "the final record");
    const { objects: _, claim: __, ...former } = await Bun.file(record).json();
    await Bun.write(record, JSON.stringify(former));
    await Bun.file(join(root, (await at(".objects.jsonl")()) ?? "")).delete();

    const refused = await remove(api, job_id);
    expect(refused).toMatchObject({ status: 409, body: { kind: "conflict" } });
    expect(refused.body["detail"]).toContain(path);
    const before = outputs(await place.keys());
    expect(before).not.toEqual([]);
    for (const key of before) await Bun.file(join(root, key)).delete();
    expect(await remove(api, job_id)).toMatchObject({ status: 200, body: { removed: 0 } });
    expect(ofJobs(await place.keys(), job_id)).toEqual([]);
  }
});

test("with RECORD_RETENTION a worker forgets jobs that ended longer ago, once it is up", async () => {
  const place = await folder();
  const root = place.env["LOCAL_ROOT"] ?? "";
  const records = makeRecords({ storage: localStorage({ root }), prefix: ".flux/jobs" });
  const remember = async (daysAgo: number) => {
    const at = Date.now() - daysAgo * 86_400_000;
    const order = anOrder({ jobId: jobIdAt("127.0.0.1:1", Bun.randomUUIDv7("hex", at)) });
    const { jobId } = order;
    const end = { jobId, sequence: 3, attempt: 1, status: "completed" as const, timestamp: new Date(at).toISOString() };
    await records.write({ order, event: end }, AbortSignal.timeout(10_000));
    return jobId;
  };
  const [old, recent] = [await remember(20), await remember(2)];
  const api = await service(place, { RECORD_RETENTION: "10d" });
  await eventually(async () => ofJobs(await place.keys(), old).length === 0, "the old record goes");
  expect(ofJobs(await place.keys(), recent)).not.toEqual([]);
  await api.ask("/workers/status");
  expect([(await api.job(old)).status, (await api.job(recent)).status]).toEqual([404, 200]);
});

test("of jobs that waited for a worker nothing is left either, and an order with the key of a removed one makes another", async () => {
  const home = stack.use(await temporaryFolder()).path;
  const root = join(home, "out");
  const port = await freePort();
  stack.use(await startWorker({ port, home, MAX_CONCURRENT_JOBS: "1" }));
  const QUEUE_URL = `sqlite:${join(home, "queue.sqlite")}`;
  const env = { RECORD_STORAGE: "local", LOCAL_ROOT: root, QUEUE_URL };
  const api = client(stack.use(await startControlplane([port], env)).url);
  const long = { input_url: sources.url("clip.mp4"), preset: "slow" };
  const running = (await api.post(long)).body["job_id"];
  await api.until(running, ({ status }) => status === "processing");

  const short = order("tiny", "films/waited.mp4");
  const key = { "idempotency-key": "once" };
  const { job_id, status } = (await api.post(short, key)).body;
  expect(status).toBe("queued");
  expect(await remove(api, job_id)).toMatchObject({ status: 409, body: { kind: "conflict" } });
  const cancelled = (await api.post(short)).body["job_id"];
  expect((await api.cancel(cancelled)).status).toBe(202);
  await api.cancel(running);
  await api.events(job_id);

  const claims = async () => (await filesIn(root)).filter((file) => /\/claims\/[0-9a-f]{64}\//.test(file));
  expect(await claims()).toHaveLength(1);
  for (const [id, removed] of [
    [job_id, 1],
    [cancelled, 0],
  ]) {
    expect(await remove(api, id)).toMatchObject({ status: 200, body: { removed } });
    expect(ofJobs(await filesIn(root), id)).toEqual([]);
    expect(await api.job(id)).toMatchObject({ status: 404 });
  }
  expect(await claims()).toEqual([]);

  const again = await api.post(short, { ...key, prefer: "wait" });
  expect(again).toMatchObject({ status: 200, body: { status: "completed" } });
  expect(again.headers.get("idempotency-replayed")).toBeNull();
  expect(again.body["job_id"]).not.toBe(job_id);
});

test("a job that another worker has removed is forgotten by its own too", async () => {
  const place = await s3();
  const home = stack.use(await temporaryFolder()).path;
  const ports = [await freePort(), await freePort()];
  for (const port of ports) stack.use(await startWorker({ port, home, ...place.env }));
  const [own = 0, other = 0] = ports;
  const api = client(stack.use(await startControlplane([own])).url);
  const elsewhere = client(stack.use(await startControlplane([other])).url);
  const { job_id } = (await api.post(order("hls_tiny", "films/a/"), { prefer: "wait" })).body;
  const isRecorded = async () => (await place.keys()).some((key) => key.endsWith(`${job_id}.objects.jsonl`));
  await eventually(isRecorded, "its record");
  expect((await api.job(job_id)).body).toMatchObject({ status: "completed" });
  await elsewhere.ask("/workers/status");
  await eventually(async () => (await remove(elsewhere, job_id)).status === 200, "the removal at the other worker");
  expect(outputs(await place.keys())).toEqual([]);
  expect((await api.ask("/jobs")).body["jobs"]).toEqual([]);
  expect((await api.job(job_id)).status).toBe(404);
});

describe("an output that a worker keeps because its delivery failed", () => {
  /** A job whose playlists the store refused. */
  async function kept(path: string) {
    const home = stack.use(await temporaryFolder()).path;
    const place = await s3();
    const store = stack.use(await startBreakingProxy(place.env["S3_ENDPOINT"] ?? ""));
    store.break("forbidden", /^PUT .*(playlist|master)/, Number.POSITIVE_INFINITY);
    const port = await freePort();
    const env = { ...place.env, S3_ENDPOINT: store.url };
    stack.use(await startWorker({ port, home, ...env }));
    const api = client(stack.use(await startControlplane([port])).url);
    const { job_id } = (await api.post(order("hls_locked", path))).body;
    expect((await api.events(job_id)).at(-1)).toMatchObject({ status: "failed", error: { kind: "delivery_failed" } });
    expect((await api.ask("/jobs?kept=true")).body["jobs"]).toHaveLength(1);
    return { api, place, store, jobId: job_id, left: () => filesIn(jobsFolder(home, port)) };
  }

  test("goes with its job, from the store and from the worker's disk", async () => {
    const { api, place, jobId, left } = await kept("films/never/");
    expect(outputs(await place.keys())).not.toEqual([]);
    expect((await left()).filter((file) => file.includes(String(jobId)))).not.toEqual([]);
    expect(await remove(api, jobId)).toMatchObject({ status: 200, body: { removed: 0 } });
    expect(outputs(await place.keys())).toEqual([]);
    expect(ofJobs(await place.keys(), jobId)).toEqual([]);
    expect((await left()).filter((file) => file.includes(String(jobId)))).toEqual([]);
    expect((await api.ask("/jobs?kept=true")).body["jobs"]).toEqual([]);
  });

  test("is listed whole by the job that delivers it, and removed with that", async () => {
    const { api, place, store, jobId } = await kept("films/late/");
    store.mend();
    const retried = await api.ask(`/jobs/${jobId}/retry`, { method: "POST", headers: { prefer: "wait" } });
    expect(retried).toMatchObject({ status: 200, body: { status: "completed" } });
    const { job_id } = retried.body;
    await eventually(async () => (await publishedKeys(job_id, place)) !== undefined, "the list beside the record");
    const keys = outputs(await place.keys());
    expect(await publishedKeys(job_id, place)).toEqual(keys);
    expect(retried.body["outputs"]).toMatchObject({ files: keys.length });
    // The job that could not deliver it has nothing left to remove but its record.
    expect(await remove(api, jobId)).toMatchObject({ status: 200, body: { removed: 0 } });
    expect(await publishedKeys(job_id, place)).toEqual(outputs(await place.keys()));
    expect((await remove(api, job_id)).status).toBe(200);
    expect(outputs(await place.keys())).toEqual([]);
  });
});
