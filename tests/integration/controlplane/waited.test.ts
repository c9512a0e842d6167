import { expect, test } from "bun:test";
import type { FoundJob } from "#controlplane/lookup/found-job.ts";
import { Fault } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { makeFeed } from "#shared/job/feed.ts";
import { jobIdAt, waitingId } from "#shared/job/id.ts";
import { jsonOf, sseEvents, startTestControlPlane, type TestControlPlane } from "#tests/support/control-plane.ts";
import { type FakeWorker, freePort, type Journal, startFakeWorker } from "#tests/support/fake-worker.ts";

/** The id of a job that has waited long. */
const oldId = () => waitingId(Bun.randomUUIDv7("hex", Date.now() - 86_400_000));

const eventOf = (jobId: string, status: JobEvent["status"] = "processing"): JobEvent => ({
  ...{ jobId, sequence: 5, status, attempt: 1, timestamp: new Date().toISOString() },
});

/** What the record of a job from a waiting room tells. */
const recorded = (worker: string, acceptedMsAgo = 0): ((jobId: string) => Promise<FoundJob>) => {
  const acceptedAt = new Date(Date.now() - acceptedMsAgo).toISOString();
  return async (jobId) => ({
    ...{ event: eventOf(jobId), order: { timeoutMs: 10_000n }, sourceRedacted: false, callbackRedacted: false },
    ...{ holder: undefined, kept: false, acceptedAt, worker },
  });
};

/** Gives a worker a job, as a hand-over does. */
function hold({ journal }: { journal: Journal }, jobId: string) {
  const feed = makeFeed();
  feed.publish(eventOf(jobId));
  const request = { jobId } as Parameters<Journal["set"]>[1]["request"];
  journal.set(jobId, { request, feed, attempt: 1 });
}

const stateOf = async (service: TestControlPlane, jobId: string) => {
  const answer = await service.get(`/jobs/${jobId}`);
  return { http: answer.status, ...(await jsonOf(answer)) };
};
const settings = { startupTimeoutMs: 200, readsRecords: true };
const isHeld = { http: 200, status: "processing", sequence: 5 };

test("a job that waited is found at whichever connected worker holds it", async () => {
  await using one = await startFakeWorker();
  await using two = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [one.address, two.address] });
  await service.get("/workers/status");
  const jobId = oldId();
  hold(two, jobId);
  expect(await stateOf(service, jobId)).toMatchObject(isHeld);
  expect(await stateOf(service, oldId())).toMatchObject({ http: 404 });
});

test("a connected worker that holds a job that waited is believed before an old record that names another", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({
    workers: [worker.address],
    config: { readsRecords: true },
    deps: { readRecord: recorded("gone:1", 40_000) },
  });
  await service.get("/workers/status");
  const jobId = oldId();
  expect(await stateOf(service, jobId)).toMatchObject({ status: "failed", error: { kind: "worker_lost" } });
  hold(worker, jobId);
  expect(await stateOf(service, jobId)).toMatchObject(isHeld);
});

test.each([
  [
    "the waiting room",
    async ({ address }: FakeWorker) => ({
      placeOf: async () => ({ address, acceptedAt: new Date().toISOString(), order: undefined }),
    }),
  ],
  ["its record", async ({ address }: FakeWorker) => ({ readRecord: recorded(address) })],
])("the worker that %s names is connected to, and is asked for the job and followed", async (_, depsOf) => {
  await using worker = await startFakeWorker();
  await using other = await startFakeWorker();
  const jobId = oldId();
  hold(worker, jobId);
  await using service = await startTestControlPlane({
    workers: [other.address, worker.address],
    config: { readsRecords: true },
    deps: { readRecord: async () => undefined, ...(await depsOf(worker)) },
  });
  expect(await stateOf(service, jobId)).toMatchObject(isHeld);
  const events = sseEvents(await service.stream(jobId));
  await events.next();
  worker.tell(jobId, { status: "completed" });
  expect((await events.next()).value).toMatchObject({ status: "completed" });
});

test("a job that waited long, whose worker cannot be reached, is lost only when its time at the worker is over", async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const at = (acceptedMsAgo: number) =>
    startTestControlPlane({
      workers: [address],
      config: settings,
      deps: { readRecord: recorded(address, acceptedMsAgo) },
    });
  await using service = await at(20_000);
  expect(await stateOf(service, oldId())).toMatchObject(isHeld);
  await using later = await at(40_000);
  expect(await stateOf(later, oldId())).toMatchObject({ status: "failed", error: { kind: "worker_lost" } });
});

test("a worker that answers, and does not have the job that its record names it for, has lost it", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({
    workers: [worker.address],
    config: { readsRecords: true },
    deps: { readRecord: recorded(worker.address) },
  });
  expect(await stateOf(service, oldId())).toMatchObject({ status: "failed", error: { kind: "worker_lost" } });
});

test("an address in a record that is no worker of this control plane is not connected to", async () => {
  await using foreign = await startFakeWorker();
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({
    workers: [worker.address],
    config: settings,
    deps: { readRecord: recorded(foreign.address) },
  });
  const jobId = oldId();
  hold(foreign, jobId);
  foreign.tell(jobId, { status: "completed" });
  expect(await stateOf(service, jobId)).toMatchObject(isHeld);
});

test("while the waiting room cannot be asked, no job that may wait there is said to be unknown", async () => {
  await using worker = await startFakeWorker();
  const placeOf = () => Promise.reject(new Fault("unreachable", "the waiting room does not answer"));
  await using service = await startTestControlPlane({ workers: [worker.address], deps: { placeOf } });
  await service.get("/workers/status");
  const jobId = oldId();
  expect(await stateOf(service, jobId)).toMatchObject({ http: 503, kind: "unreachable" });
  hold(worker, jobId);
  expect(await stateOf(service, jobId)).toMatchObject(isHeld);
  expect(await stateOf(service, jobIdAt(worker.address, Bun.randomUUIDv7()))).toMatchObject({ http: 404 });
});
