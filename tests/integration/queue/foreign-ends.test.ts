import { expect, test } from "bun:test";
import { Fault } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { rejection } from "#tests/support/outcome.ts";
import { eventually } from "#tests/support/service.ts";
import type { Step } from "#worker/job/steps.ts";
import { anId, workersOfRoom } from "./rig.ts";

const away = () => new Fault("delivery_failed", "the storage is away");
// A webhook is given up a day after its event.
const timestamp = new Date().toISOString();
const endedBy = (jobId: string): JobEvent => ({
  ...{ jobId, sequence: 2, attempt: 1, status: "failed", timestamp },
  error: { kind: "worker_lost", message: "the worker was away for too long" },
});

test.each([
  ["a file that is about to be published", "commit", {}],
  ["an output that is uploaded while it is made", "commit", { preset: "hls_tiny" }],
  ["a job that has only begun", "source", {}],
  ["a job that fails", "source", { source: "missing.mp4" }],
  ["a file that is published", "fix-event", {}],
  ["an output that is published", "fix-event", { preset: "hls_tiny" }],
] as const)("where a control plane ends %s, the worker leaves nothing but that end", async (_, at, more) => {
  await using room = await workersOfRoom();
  const jobId = anId();
  const step: Step = async (name, work) => {
    if (name === at) {
      const end = { by: "control-plane", admission: "c", number: 1, event: endedBy(jobId) } as const;
      if (at === "fix-event") await room.handOvers.fixEvent(jobId, end, room.signal);
      else expect(await room.handOvers.claimEnd(jobId, end, room.signal)).toBeUndefined();
    }
    return await work();
  };
  await using worker = await room.startWorker({ step });
  const events = await Array.fromAsync(await worker.offer(jobId, more));
  const { status, error } = endedBy(jobId);
  expect(events.at(-1)).toMatchObject({ jobId, status, error });
  expect(events.map(({ sequence }) => sequence)).toEqual(
    events.map(({ sequence }) => sequence).toSorted((a, b) => a - b),
  );
  await eventually(async () => (await worker.jobs()).length === 0, "the folder of the job is gone");
  expect(await room.outputs()).toEqual([]);
  // Its control plane has not recorded it yet, and may be gone.
  expect((await room.recordOf(jobId))?.event).toEqual(endedBy(jobId));
  await room.receiver.until(1);
  expect(room.receiver.received.map(({ id }) => id)).toEqual([`${jobId}-${endedBy(jobId).sequence}`]);
  expect((await worker.calls.getStatus({})).currentJobs).toBe(0);
});

test("a worker starts before the storage tells whether the end of a job stands, and records it after that", async () => {
  await using room = await workersOfRoom();
  const jobId = anId();
  const isFinalMarker = (key: string) => key.includes("/outcomes/completed/");
  {
    const refused = Promise.withResolvers<void>();
    const onWrite = (key: string) => {
      if (!isFinalMarker(key)) return;
      refused.resolve();
      throw away();
    };
    await using stopping = await room.startWorker({ disk: 1, onWrite });
    const events = Array.fromAsync(await stopping.offer(jobId));
    await refused.promise;
    await stopping.drain();
    expect((await events).at(-1)).toMatchObject({ status: "completed" });
  }
  const answers = Promise.withResolvers<void>();
  const onWrite = (key: string) => (key.endsWith("/event.json") ? answers.promise : undefined);
  await using worker = await room.startWorker({ disk: 1, onWrite });
  expect(await rejection(worker.calls.getJob({ jobId }))).toMatchObject({ kind: "unreachable" });
  answers.resolve();
  await eventually(async () => (await room.recordOf(jobId))?.event.status === "completed", "its end is recorded");
  await eventually(async () => (await worker.jobs()).length === 0, "the folder of the job is gone");
});
