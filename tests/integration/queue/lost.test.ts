import { expect, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeHandOvers } from "#shared/queue/hand-overs.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { eventOf, leftJobs } from "#tests/integration/journal/rig.ts";
import { eventually, filesIn } from "#tests/support/service.ts";
import { setAsideFolder } from "#worker/journal/journal.ts";
import { anId } from "./rig.ts";

const signal = AbortSignal.timeout(100_000);
const handOver = {
  queueTry: 1,
  queueAddress: "worker:1",
  queueAdmission: "mine",
  acceptedAt: "2026-01-01T00:00:00.000Z",
};

/** A job from a waiting room whose order cannot be read any more. */
async function damagedJob() {
  const left = await leftJobs();
  const job = await left.accepted({ jobId: anId(), ...handOver });
  const whole = await Bun.file(join(job.journal.folder, "order.json")).text();
  await job.damage("order.json", whole.slice(0, -1));
  await job.damage("attempt.json", '{"attempt":1,"crashes":0}');
  const handOvers = makeHandOvers({ storage: localStorage({ root: left.out }), prefix: ".flux/jobs", now: Date.now });
  const isOver = () =>
    eventually(async () => (await filesIn(job.journal.folder)).length === 0, "its folder is set aside");
  return { ...left, ...job, handOvers, isOver, [Symbol.asyncDispose]: left[Symbol.asyncDispose] };
}

const lost = { status: "failed", error: { kind: "worker_lost" } } as const;

test("a job that is too damaged to run again claims its end before its record says so", async () => {
  await using left = await damagedJob();
  await using _worker = await left.startWorker();
  await left.isOver();
  expect(await left.recordOf(left.order)).toMatchObject(lost);
  const end = await left.handOvers.readEnd(left.order.jobId, signal);
  expect(end).toMatchObject({ by: "worker", admission: "mine" });
  expect(left.receiver.received).toHaveLength(1);
});

test("what its worker had claimed is the worker's also when the admission is lost with the order", async () => {
  await using left = await damagedJob();
  await rm(join(left.journal.folder, "order.json"));
  const end = { by: "worker", admission: "mine", number: 1 } as const;
  await left.handOvers.claimEnd(left.order.jobId, end, signal);
  await using _worker = await left.startWorker();
  await left.isOver();
  expect(await left.recordOf(left.order)).toMatchObject(lost);
});

test("where a control plane has ended it, its folder is set aside and that end is recorded", async () => {
  await using left = await damagedJob();
  const event = { ...eventOf(left.order, "failed"), sequence: 9 };
  await left.handOvers.claimEnd(left.order.jobId, { by: "control-plane", admission: "c", number: 1, event }, signal);
  await using _worker = await left.startWorker();
  await left.isOver();
  expect(await left.recordOf(left.order)).toMatchObject({ status: "failed", sequence: 9 });
  expect(await filesIn(join(left.own, setAsideFolder))).not.toEqual([]);
  await left.receiver.until(1);
  expect(left.receiver.received.map(({ id }) => id)).toEqual([`${left.order.jobId}-9`]);
});
