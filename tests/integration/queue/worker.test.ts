import { expect, test } from "bun:test";
import { Fault } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { rejection } from "#tests/support/outcome.ts";
import { eventually } from "#tests/support/service.ts";
import { anId, workersOfRoom } from "./rig.ts";

const away = () => new Fault("delivery_failed", "the storage is away");
// A webhook is given up a day after its event.
const timestamp = new Date().toISOString();
const endedBy = (jobId: string): JobEvent => ({
  ...{ jobId, sequence: 2, attempt: 1, status: "failed", timestamp },
  error: { kind: "worker_lost", message: "the worker was away for too long" },
});
const isEnd = (key: string) => key.endsWith("/end.json");

test("only a worker whose storage can decide takes orders from a room", async () => {
  await using room = await workersOfRoom();
  for (const decides of [true, false]) {
    await using worker = await room.startWorker({ decides });
    const { capabilities } = await worker.calls.getStatus({});
    expect(capabilities.includes("queue")).toBe(decides);
    if (decides) await Array.fromAsync(await worker.offer(anId()));
    else expect(await rejection(worker.offer(anId()))).toMatchObject({ fields: [{ field: "queue_try" }] });
  }
});

test("of two workers that are offered one order by one number only one takes it, and runs it to its record", async () => {
  await using room = await workersOfRoom();
  await using one = await room.startWorker();
  await using two = await room.startWorker();
  const jobId = anId();
  const offers = await Promise.allSettled([one.offer(jobId), two.offer(jobId)]);
  const taken = offers.flatMap((offer) => (offer.status === "fulfilled" ? [offer.value] : []));
  expect(taken).toHaveLength(1);
  expect(offers.find(({ status }) => status === "rejected")).toMatchObject({
    reason: { kind: "conflict", fields: [{ field: "queue_try" }] },
  });
  const events = await Array.fromAsync(taken[0] ?? []);
  const [winner, loser] = offers[0].status === "fulfilled" ? [one, two] : [two, one];
  expect(events.at(-1)).toMatchObject({ status: "completed" });
  const acceptedAt = events[0]?.acceptedAt ?? "";
  expect(Date.now() - Date.parse(acceptedAt)).toBeLessThan(200_000);
  for (const event of events) expect(event.acceptedAt).toBe(acceptedAt);
  expect(await room.handOvers.readClaim(jobId, 1, room.signal)).toMatchObject({ address: winner.address });
  await eventually(async () => (await room.recordOf(jobId))?.event.status === "completed", "its end is recorded");
  expect(await room.recordOf(jobId)).toMatchObject({
    ...{ event: { status: "completed" }, worker: winner.address, acceptedAt },
  });
  expect(await loser.calls.getJob({ jobId })).toMatchObject({ held: false, order: { queueAddress: winner.address } });
  expect(await loser.jobs()).toEqual([]);
  expect((await loser.calls.getStatus({})).currentJobs).toBe(0);
});

test("an order whose job has ended is refused, and leaves nothing but its claim", async () => {
  await using room = await workersOfRoom();
  await using worker = await room.startWorker();
  const jobId = anId();
  const end = { by: "control-plane", admission: "c", number: 0, event: endedBy(jobId) } as const;
  await room.handOvers.claimEnd(jobId, end, room.signal);
  const refused = { kind: "conflict", fields: [{ field: "queue_end" }] };
  expect(await rejection(worker.offer(jobId))).toMatchObject(refused);
  expect(await room.claims(jobId)).toEqual(["1.json", "end.json"]);
  expect(await worker.jobs()).toEqual([]);
  expect((await worker.calls.getStatus({})).currentJobs).toBe(0);
  expect(await rejection(worker.calls.getJob({ jobId }))).toMatchObject({ kind: "not_found" });
});

test("who repeats a hand-over whose answer it did not get joins the job", async () => {
  await using room = await workersOfRoom();
  await using worker = await room.startWorker();
  const jobId = anId();
  const first = await worker.offer(jobId);
  const again = await worker.offer(jobId);
  const [seen, repeated] = await Promise.all([Array.fromAsync(first), Array.fromAsync(again)]);
  expect(repeated.at(-1)).toEqual(seen.at(-1));
  expect(await room.claims(jobId)).toEqual(["1.json", "end.json", "event.json"]);
});

test("nothing is done for a job until its record names its worker, and it can be cancelled meanwhile", async () => {
  await using room = await workersOfRoom();
  let isAway = true;
  const refused = Promise.withResolvers<void>();
  const onWrite = (key: string) => {
    if (!isAway || key.includes("/claims/")) return;
    refused.resolve();
    throw away();
  };
  await using worker = await room.startWorker({ onWrite });
  const [patient, cancelled] = [anId(), anId()];
  const [one, two] = [await worker.offer(patient), await worker.offer(cancelled)];
  await refused.promise;
  expect(await worker.calls.cancelJob({ jobId: cancelled })).toMatchObject({ success: true });
  expect(await room.recordOf(patient)).toBeUndefined();
  expect(room.sources.asked).toEqual([]);
  expect((await Array.fromAsync(two)).map(({ status }) => status)).toEqual(["queued", "cancelled"]);
  isAway = false;
  expect((await Array.fromAsync(one)).at(-1)).toMatchObject({ status: "completed" });
  expect(room.sources.asked).toEqual(["/clip.mp4"]);
  await eventually(async () => (await room.recordOf(cancelled))?.event.status === "cancelled", "its end is recorded");
});

test.each(["unreachable", "lost"])("an end whose claim is %s at first is claimed in the end", async (how) => {
  await using room = await workersOfRoom();
  let refusals = 0;
  const refuse = (key: string) => {
    if (!isEnd(key) || refusals > 0) return;
    refusals += 1;
    throw away();
  };
  await using worker = await room.startWorker(how === "lost" ? { onCreated: refuse } : { onWrite: refuse });
  const jobId = anId();
  expect((await Array.fromAsync(await worker.offer(jobId))).at(-1)).toMatchObject({ status: "completed" });
  expect(refusals).toBe(1);
  const claim = await room.handOvers.readClaim(jobId, 1, room.signal);
  const admission = typeof claim === "object" ? claim.admission : "";
  expect(await room.handOvers.readEnd(jobId, room.signal)).toMatchObject({ by: "worker", admission });
});

test("a job that is cancelled while its end cannot be claimed ends as cancelled", async () => {
  await using room = await workersOfRoom();
  const refused = Promise.withResolvers<void>();
  let isAway = true;
  const onWrite = (key: string) => {
    if (!isEnd(key) || !isAway) return;
    refused.resolve();
    throw away();
  };
  await using worker = await room.startWorker({ onWrite });
  const jobId = anId();
  const events = await worker.offer(jobId);
  await refused.promise;
  expect(await worker.calls.cancelJob({ jobId })).toMatchObject({ success: true });
  isAway = false;
  expect((await Array.fromAsync(events)).at(-1)).toMatchObject({ status: "cancelled" });
  expect(await room.outputs()).toEqual([]);
});

test.each([
  ["the acceptance", "completed", { source: "clip.mp4" }, (key: string) => !key.includes("/claims/")],
  ["the end", "failed", { source: "missing.mp4" }, isEnd],
] as const)("a worker told to stop while %s cannot be stored leaves the job to the next one", async (...given) => {
  const [_, status, offer, isRefused] = given;
  await using room = await workersOfRoom();
  const refused = Promise.withResolvers<void>();
  const onWrite = (key: string) => {
    if (!isRefused(key)) return;
    refused.resolve();
    throw away();
  };
  const jobId = anId();
  {
    await using stopping = await room.startWorker({ disk: 1, onWrite });
    const events = Array.fromAsync(await stopping.offer(jobId, offer));
    await refused.promise;
    await stopping.drain();
    expect((await events).every((event) => event.status === "queued" || event.status === "processing")).toBe(true);
    expect(await stopping.jobs()).toContain(`${jobId}/drained`);
  }
  await using _worker = await room.startWorker({ disk: 1 });
  const isOver = async () => (await room.recordOf(jobId))?.event.status === status;
  await eventually(isOver, "its end is recorded");
});
