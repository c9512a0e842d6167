import { expect, test } from "bun:test";
import { makeOrderSeal } from "#controlplane/queue/sealed-order.ts";
import { openSqliteRoom } from "#controlplane/queue/sqlite/sqlite-room.ts";
import { jsonOf } from "#tests/support/control-plane.ts";
import { eventually } from "#tests/support/service.ts";
import { drainerOf, noLimits, waitingOrder } from "#tests/support/waiting-orders.ts";
import type { Step } from "#worker/job/steps.ts";
import { accepted, eventOf, type Room } from "./jobs.ts";
import { anId, workersOfRoom } from "./rig.ts";

const lostEvent = (jobId: string) =>
  eventOf(jobId, { sequence: 2, status: "failed", error: { kind: "worker_lost", message: "the worker is gone" } });

/** An order as it lies in a room without QUEUE_SECRET. */
function sealedOrder(id: string, room: Room) {
  const order = waitingOrder({ id });
  const request = { inputUrl: room.sources.url("clip.mp4"), preset: "tiny", callbackUrl: room.receiver.url };
  return { ...order, sealed: makeOrderSeal([], { opensPlain: true }).seal(order, { ...request, timeoutMs: 1_000n }) };
}

/** What a control plane leaves that dies when a worker has accepted an order that was cancelled while it was offered. */
async function leaveAccepted(room: Room, id: string, { address = "", isCancelled = false, acceptedAt = Date.now() }) {
  const waiting = openSqliteRoom(room.queueFile);
  await waiting.add(sealedOrder(id, room), noLimits);
  const { take, fence } = await drainerOf(waiting);
  await take({ address });
  if (isCancelled) await waiting.end(id, "{}", { isCancel: true });
  await waiting.settle(fence, id, { state: "accepted", address, acceptedAt });
  waiting.close();
}

test("a cancel that the control plane died with before it reached the worker is repeated by the next one", async () => {
  await using room = await workersOfRoom();
  const jobId = anId();
  // The job ends when the cancel is on its disk, and not before.
  const step: Step = async (name, work) => {
    if (name === "source") await eventually(isCancelled, "the worker was told of the cancel");
    return await work();
  };
  await using worker = await room.startWorker({ step });
  const isCancelled = async () => (await worker.jobs()).includes(`${jobId}/cancelled`);
  const events = Array.fromAsync(await worker.offer(jobId));
  await leaveAccepted(room, jobId, { address: worker.address, isCancelled: true });
  await using service = await room.startControlPlane([worker.address]);
  expect((await events).at(-1)).toMatchObject({ status: "cancelled" });
  const isEmpty = async () => (await jsonOf(await service.get("/queue"))).running === 0;
  await eventually(isEmpty, "the room has forgotten the job");
  await eventually(async () => (await room.recordOf(jobId))?.event.status === "cancelled", "its end is recorded");
});

test("a job that the room knows as accepted, and whose worker has neither recorded nor kept it, ends as lost", async () => {
  await using room = await workersOfRoom();
  await using worker = await room.startWorker();
  const jobId = anId();
  await leaveAccepted(room, jobId, { address: worker.address });
  await using service = await room.startControlPlane([worker.address]);
  await room.receiver.until(1);
  const told = room.receiver.received.map(({ event }) => event);
  expect(told).toMatchObject([{ job_id: jobId, status: "failed", error: { kind: "worker_lost" } }]);
  const isEmpty = async () => (await jsonOf(await service.get("/queue"))).running === 0;
  await eventually(isEmpty, "the room has forgotten the job");
  const { order: _, ...event } = await jsonOf(await service.get(`/jobs/${jobId}`));
  expect(event).toEqual(told[0]);
  expect(await room.handOvers.readEnd(jobId, room.signal)).toMatchObject({ by: "control-plane" });
});

test("an accepted job whose worker is no longer among the workers ends when its time is over", async () => {
  await using room = await workersOfRoom();
  await using worker = await room.startWorker();
  const jobId = anId();
  await leaveAccepted(room, jobId, { address: "127.0.0.1:9", acceptedAt: Date.now() - 1_000 });
  await using _service = await room.startControlPlane([worker.address]);
  await room.receiver.until(1);
  expect((await room.recordOf(jobId))?.event).toMatchObject({ status: "failed", error: { kind: "worker_lost" } });
});

test.each([
  ["is looked at", (jobId: string) => `/jobs/${jobId}`],
  ["is listed", () => "/jobs"],
])("a job that no room knows and whose worker is gone ends for good when it %s", async (_, pathOf) => {
  await using room = await workersOfRoom();
  await using service = await room.startControlPlane(["127.0.0.1:9"]);
  const jobId = anId();
  await room.records.write(accepted(jobId, room), room.signal);
  expect((await service.get(pathOf(jobId))).status).toBe(200);
  await room.receiver.until(1);
  await eventually(async () => (await room.recordOf(jobId))?.event.status === "failed", "its end is recorded");
  const record = await room.recordOf(jobId);
  expect(record).toMatchObject({ event: { error: { kind: "worker_lost" } }, worker: "127.0.0.1:9" });
  const { order: _order, ...event } = await jsonOf(await service.get(`/jobs/${jobId}`));
  expect(event).toMatchObject({ sequence: record?.event.sequence, timestamp: record?.event.timestamp });
  expect(await room.handOvers.readEnd(jobId, room.signal)).toMatchObject({ by: "control-plane", event: record?.event });
});

test("a control plane that starts ends the jobs whose workers are gone and that no room knows", async () => {
  await using room = await workersOfRoom();
  const jobId = anId();
  await room.records.write(accepted(jobId, room), room.signal);
  await using _service = await room.startControlPlane(["127.0.0.1:9"], { JOB_TIMEOUT: "1s" });
  await room.receiver.until(1);
  expect((await room.recordOf(jobId))?.event).toMatchObject({ error: { kind: "worker_lost" } });
});

test("an acceptance that is recorded after a control plane's end is set right by whoever looks", async () => {
  await using room = await workersOfRoom();
  await using service = await room.startControlPlane(["127.0.0.1:9"]);
  const jobId = anId();
  const event = lostEvent(jobId);
  await room.handOvers.claimEnd(jobId, { by: "control-plane", admission: "c", number: 1, event }, room.signal);
  const now = new Date().toISOString();
  await room.records.write(accepted(jobId, room, { acceptedAt: now }), room.signal);
  expect(await jsonOf(await service.get(`/jobs/${jobId}`))).toMatchObject({ status: "failed", sequence: 2 });
  expect((await room.recordOf(jobId))?.event).toEqual(event);
});

test("the daily sweep of a worker completes ends that were decided and not recorded", async () => {
  await using room = await workersOfRoom();
  const [jobId, running] = [anId(), anId()];
  const event = lostEvent(jobId);
  await room.handOvers.claimEnd(jobId, { by: "control-plane", admission: "c", number: 1, event }, room.signal);
  for (const id of [jobId, running]) await room.records.write(accepted(id, room), room.signal);
  await using _worker = await room.startWorker();
  await room.receiver.until(1);
  await eventually(async () => (await room.recordOf(jobId))?.event.status === "failed", "its end is recorded");
  expect((await room.recordOf(running))?.event.status).toBe("queued");
});

test.each([
  ["not fixed is lost", false],
  ["fixed is as it told", true],
])("the end of a worker that is gone before it recorded it, with its event %s", async (_, isFixed) => {
  await using room = await workersOfRoom();
  await using worker = await room.startWorker();
  await using service = await room.startControlPlane([worker.address]);
  const jobId = anId();
  const end = { by: "worker", admission: "a", number: 1 } as const;
  const event = eventOf(jobId, { sequence: 9, status: "completed", outputUrl: "file:///out.mp4" });
  await room.handOvers.claimEnd(jobId, end, room.signal);
  if (isFixed) await room.handOvers.fixEvent(jobId, { ...end, event }, room.signal);
  await room.records.write(accepted(jobId, room, { queueAddress: worker.address }), room.signal);
  const told = isFixed ? { status: "completed", sequence: 9 } : { status: "failed", error: { kind: "worker_lost" } };
  expect(await jsonOf(await service.get(`/jobs/${jobId}`))).toMatchObject(told);
  expect((await room.recordOf(jobId))?.event).toMatchObject(told);
  await room.receiver.until(1);
  const fixed = await room.handOvers.fixEvent(jobId, { ...end, admission: "b", event: lostEvent(jobId) }, room.signal);
  expect(fixed).toMatchObject({ event: { ...told } });
});

test("the webhooks that a control plane left which is gone are sent by the next one that starts, without a worker", async () => {
  await using room = await workersOfRoom();
  const event = lostEvent(anId());
  await room.leaveWebhook(event);
  await using _service = await room.startControlPlane(["127.0.0.1:9"]);
  await room.receiver.until(1);
  expect(room.receiver.received.map(({ id }) => id)).toEqual([`${event.jobId}-2`]);
});

test("webhooks that a control plane leaves while another is up are sent when that takes over the room", async () => {
  await using room = await workersOfRoom();
  let agoMs = 600_001;
  const now = () => Date.now() - agoMs;
  await using service = await room.startControlPlane(["127.0.0.1:9"], {}, { now });
  const event = lostEvent(anId());
  await room.leaveWebhook(event);
  agoMs = 0;
  await service.submit({ input_url: room.sources.url("clip.mp4"), preset: "tiny" });
  await room.receiver.until(1);
  expect(room.receiver.received.map(({ id }) => id)).toEqual([`${event.jobId}-2`]);
});
