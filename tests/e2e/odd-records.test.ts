import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { jobIdAt } from "#shared/job/id.ts";
import { jobStatuses } from "#shared/job/status.ts";
import { markerName, markerTime } from "#shared/outcomes/markers.ts";
import { rpcClient } from "#shared/rpc/client.ts";
import { clip } from "#tests/support/clips.ts";
import { rejection } from "#tests/support/outcome.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let home: string;
let port: number;
/** One asks the worker, one reads the records too, one reads them while no worker is there. */
let services: ReturnType<typeof client>[];
let input_url: string;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  port = await freePort();
  input_url = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 1 }) })).url("clip.mp4");
  stack.use(await startWorker({ port, home, MAX_CONCURRENT_JOBS: "9", WEBHOOK_SECRETS: secret }));
  const reading = { RECORD_STORAGE: "local", LOCAL_ROOT: join(home, "out") };
  const started = await Promise.all([
    startControlplane([port]),
    startControlplane([port], reading),
    startControlplane([await freePort()], reading),
  ]);
  for (const one of started) stack.use(one);
  services = started.map(({ url }) => client(url));
  for (const service of services.slice(0, 2)) await service.ask("/workers/status");
});
afterAll(() => stack.disposeAsync());

const secret = `whsec_${Buffer.alloc(24, 1).toString("base64")}`;
const newId = () => jobIdAt("gone:1", Bun.randomUUIDv7());

async function putRecord(name: string, text: string) {
  const folder = join(home, "out/.flux/jobs", new Date().toISOString().slice(0, 10));
  const marker = markerName({ jobId: name, preset: "tiny" }, markerTime(name, Date.now()));
  await Bun.write(join(home, "out/.flux/jobs/outcomes/ended", marker), "\n");
  await Bun.write(join(folder, `${name}.json`), text);
}

const recordOf = (job_id: string, event: object, order: object = {}) =>
  JSON.stringify({
    event: { job_id, sequence: 3, status: "completed", attempt: 1, timestamp: "2026-01-01T00:00:00.000Z", ...event },
    order: {
      job_id,
      input_url: "https://example.com/a.mp4",
      preset: "tiny",
      output: { storage: "local", path: "a.mp4", type: "single", metadata: {}, publish: "atomic", overwrite: false },
      callback_events: [],
      ...order,
    },
  });

const receipt = { worker_seconds: 1, cpu_seconds: 1, bytes_in: 1e300, bytes_out: 0.5, attempts: 1e300 };

async function listedBy(service: ReturnType<typeof client>) {
  const { status, body } = await service.ask("/jobs?limit=100");
  expect(status).toBe(200);
  expect(JSON.stringify(body).length).toBeLessThan(2 ** 20);
  return body["jobs"] as { job_id: string; error?: { message: string }; order?: { input_url: string } }[];
}

test.each([
  ["a sequence of 1.5", { sequence: 1.5 }, {}],
  ["a sequence of -1", { sequence: -1 }, {}],
  ["bytes beyond every number of 64 bits", { bytes_uploaded: 1e300, receipt }, {}],
  ["files beyond every number of 32 bits", { files_uploaded: 1e12, files_total: 1e12, attempt: 1e12 }, {}],
  ["a progress beyond every float", { progress: 1e300, fps: 1e300, speed: 1e300, eta_seconds: 1e300 }, {}],
  ["half a millisecond", {}, { timeout_ms: 0.5, cold_start_ms: 1e300 }],
  ["an error of many megabytes", { status: "failed", error: { kind: "internal", message: "e".repeat(9e6) } }, {}],
  ["a source of many megabytes", {}, { input_url: `https://example.com/${"u".repeat(9e6)}` }],
])("a record with %s is listed, tells its end, and hides no other", async (_, event, order) => {
  const [usual, odd] = [newId(), newId()];
  await putRecord(usual, recordOf(usual, {}));
  await putRecord(odd, recordOf(odd, event, order));
  for (const service of services) {
    expect((await listedBy(service)).map((job) => job.job_id)).toEqual(expect.arrayContaining([usual, odd]));
  }
});

test.each(["a folder", "no JSON"])("where a record should be and %s is, the others are listed", async (what) => {
  const [usual, odd] = [newId(), newId()];
  await putRecord(usual, recordOf(usual, {}));
  if (what === "no JSON") await putRecord(odd, "{");
  else await mkdir(join(home, "out/.flux/jobs", new Date().toISOString().slice(0, 10), `${odd}.json`));
  for (const service of services) expect((await listedBy(service)).map((job) => job.job_id)).toContain(usual);
});

test("records of orders with 70,000 events each, as a former version took them, hide nothing", async () => {
  const callback_events = Array.from({ length: 70_000 }, () => "processing");
  const ids = Array.from({ length: 10 }, newId);
  for (const id of ids)
    await putRecord(id, recordOf(id, {}, { callback_url: "https://example.com/", callback_events }));
  for (const service of services) {
    expect((await listedBy(service)).map((job) => job.job_id)).toEqual(expect.arrayContaining(ids));
  }
});

test("an order tells each event once, and only those that there are", async () => {
  const [service] = services;
  const order = (callback_events: string[]) => ({
    input_url,
    preset: "tiny",
    callback_url: input_url,
    callback_events,
  });
  for (const events of [
    ["processing", "processing"],
    [...jobStatuses, "queued"],
  ]) {
    expect(await service?.post(order(events))).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining("callback_events: names a status twice") },
    });
  }
  expect(await service?.post(order([...jobStatuses]))).toMatchObject({ status: 202 });
});

test("whatever numbers and names a caller of gRPC sends, its job is listed and hides no other", async () => {
  const caller = rpcClient(WorkerService, `127.0.0.1:${port}`);
  const { calls } = caller;
  const jobId = newId();
  const request = {
    jobId,
    inputUrl: input_url,
    preset: "tiny",
    callbackUrl: input_url,
    callbackEvents: Array.from({ length: 70_000 }, (_, n) => `event-${n}`),
    timeoutMs: 2n ** 63n - 1n,
    coldStartMs: 2n ** 63n - 1n,
  };
  const statuses = await Array.fromAsync(calls.submitJob(request), ({ status }) => status);
  expect(statuses.length).toBeGreaterThan(1);
  for (const service of services) expect((await listedBy(service)).map((job) => job.job_id)).toContain(jobId);
  expect(await rejection(Array.fromAsync(calls.submitJob({ ...request, tenant: "t".repeat(256) })))).toMatchObject({
    kind: "invalid",
    fields: [{ field: "tenant" }],
  });
  caller.close();
});
