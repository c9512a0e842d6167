import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobIdAt } from "#shared/job/id.ts";
import { makeRecords } from "#shared/records.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { jsonOf, sseEvents, startTestControlPlane } from "#tests/support/control-plane.ts";
import { freePort, startFakeWorker, startHangingPort } from "#tests/support/fake-worker.ts";
import { anOrder } from "#tests/support/orders.ts";

const stateOf = async (service: { get(path: string): Promise<Response> }, jobId: string) => {
  const response = await service.get(`/jobs/${jobId}`);
  return { http: response.status, ...(await jsonOf(response)) };
};

test("a running and an ended job are told by their worker, to any replica", async () => {
  await using worker = await startFakeWorker();
  const workers = [worker.address];
  await using one = await startTestControlPlane({ workers });
  await using two = await startTestControlPlane({ workers });
  const jobId = await one.submit();
  worker.tell(jobId, { status: "processing", progress: 10 });
  expect(await stateOf(two, jobId)).toMatchObject({ http: 200, job_id: jobId, status: "processing", progress: 10 });
  worker.tell(jobId, { status: "completed" });
  expect(await stateOf(two, jobId)).toMatchObject({ http: 200, status: "completed" });
});

test("an ended job whose worker sleeps is told by another that is connected, and nobody is woken", async () => {
  using asleep = await startHangingPort();
  const records = new Map();
  const jobId = jobIdAt(asleep.address, Bun.randomUUIDv7());
  const event = { jobId, sequence: 3, status: "completed", attempt: 1, timestamp: "2026-01-01T00:00:00Z" } as const;
  records.set(jobId, { event });
  await using other = await startFakeWorker({ records });
  await using service = await startTestControlPlane({
    workers: [other.address, asleep.address],
    config: { startupTimeoutMs: 1_000 },
  });
  // The other one takes the job, so that it is connected.
  await service.submit();
  const before = asleep.connections();
  expect(await stateOf(service, jobId)).toMatchObject({ http: 200, status: "completed" });
  const [streamed] = await Array.fromAsync(sseEvents(await service.stream(jobId)));
  expect(streamed).toMatchObject({ sequence: 3, status: "completed" });
  expect(asleep.connections()).toBe(before);
});

test("with a storage of its own a control plane answers while every worker sleeps", async () => {
  const root = await mkdtemp(join(tmpdir(), "flux-records-"));
  using asleep = await startHangingPort();
  const jobId = jobIdAt(asleep.address, Bun.randomUUIDv7());
  const records = makeRecords({ storage: localStorage({ root }), prefix: ".flux/jobs" });
  const order = anOrder({ jobId });
  const event = { jobId, sequence: 3, status: "completed", attempt: 1, timestamp: "2026-01-01T00:00:00Z" } as const;
  await records.write({ order, event }, AbortSignal.timeout(120_000));
  await using service = await startTestControlPlane({
    workers: [asleep.address],
    settings: { RECORD_STORAGE: "local", LOCAL_ROOT: root },
  });
  expect(await stateOf(service, jobId)).toMatchObject({ http: 200, status: "completed" });
  expect(await jsonOf(await service.get("/jobs"))).toMatchObject({ jobs: [{ job_id: jobId, status: "completed" }] });
  expect(asleep.connections()).toBe(0);
  await rm(root, { recursive: true });
});

test("a job on record that its own worker does not have is lost", async () => {
  const records = new Map();
  await using worker = await startFakeWorker({ records });
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const jobId = jobIdAt(worker.address, Bun.randomUUIDv7());
  records.set(jobId, { event: { jobId, sequence: 5, status: "processing", attempt: 1, timestamp: "" } });
  expect(await stateOf(service, jobId)).toMatchObject({ http: 200, status: "failed", error: { kind: "worker_lost" } });
});

test("a job on record whose worker cannot be reached is as its record says, until its time is over", async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const recorded = (jobId: string) => ({
    event: { jobId, sequence: 5, status: "processing", attempt: 1, timestamp: "" } as const,
    order: { timeoutMs: 1_000n },
    sourceRedacted: false,
    callbackRedacted: false,
    holder: undefined,
    kept: false,
  });
  await using service = await startTestControlPlane({
    workers: [address],
    config: { startupTimeoutMs: 200 },
    deps: { readRecord: async (jobId) => recorded(jobId) },
  });
  const young = jobIdAt(address, Bun.randomUUIDv7());
  const old = jobIdAt(address, Bun.randomUUIDv7("hex", Date.now() - 10_000));
  expect(await stateOf(service, young)).toMatchObject({ http: 200, status: "processing", sequence: 5 });
  expect(await stateOf(service, old)).toMatchObject({ http: 200, status: "failed", error: { kind: "worker_lost" } });
});

test("a job without a record, whose worker cannot be reached, is not said to be unknown", async () => {
  const address = `127.0.0.1:${await freePort()}`;
  await using service = await startTestControlPlane({ workers: [address], config: { startupTimeoutMs: 200 } });
  expect(await stateOf(service, jobIdAt(address, Bun.randomUUIDv7()))).toMatchObject({
    http: 503,
    kind: "unreachable",
    detail: expect.stringContaining("RECORD_STORAGE"),
  });
  await using reading = await startTestControlPlane({
    workers: [address],
    config: { startupTimeoutMs: 200, readsRecords: true },
    deps: { readRecord: async () => undefined },
  });
  expect(await stateOf(reading, jobIdAt(address, Bun.randomUUIDv7()))).toMatchObject({
    http: 503,
    detail: "the job's worker cannot be reached",
  });
});

test("a job of a worker that is configured no more is found with those that are connected", async () => {
  const records = new Map();
  await using worker = await startFakeWorker({ records });
  await using service = await startTestControlPlane({ workers: [worker.address] });
  await service.get("/workers/status");
  const jobId = jobIdAt("gone:1", Bun.randomUUIDv7());
  records.set(jobId, { event: { jobId, sequence: 5, status: "completed", attempt: 1, timestamp: "" } });
  expect(await stateOf(service, jobId)).toMatchObject({ http: 200, status: "completed" });
  expect(await stateOf(service, jobIdAt("gone:1", Bun.randomUUIDv7()))).toMatchObject({ http: 404 });
});

test("what no worker knows is 404", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  for (const jobId of ["x", "..%2fx", jobIdAt(worker.address, Bun.randomUUIDv7()), "a".repeat(65)]) {
    expect(await stateOf(service, jobId)).toMatchObject({ http: 404, kind: "not_found" });
  }
});
