import { afterAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import { anOrder } from "#tests/support/orders.ts";
import { outcome, rejection } from "#tests/support/outcome.ts";
import { drained, makeJob } from "#worker/job/job.ts";
import { journalAt } from "#worker/journal/journal.ts";

const workDir = await mkdtemp(join(tmpdir(), "flux-job-"));
afterAll(() => rm(workDir, { recursive: true }));

async function accepted() {
  const made = anOrder({ inputUrl: "https://example.com/source.mp4?token=secret" });
  const journal = journalAt(workDir, made.jobId);
  await journal.order(made);
  return makeJob(made, journal);
}

const publishing = { puts: [], url: "file:///a.mp4", files: 0, bytes: 0, stale: [] };

test("a cancel before the commit point wins, and is on the disk before it takes effect", async () => {
  const job = await accepted();
  const cancelling = job.cancel();
  expect(job.signal.aborted).toBe(false);
  expect(await rejection(job.commit(publishing))).toMatchObject({ kind: "cancelled" });
  await cancelling;
  expect(job.signal.reason).toMatchObject({ kind: "cancelled" });
  expect(await job.journal.read()).toMatchObject({ isCancelled: true });
});

test("cancels at the same time are one", async () => {
  const job = await accepted();
  await Promise.all([job.cancel(), job.cancel()]);
  await job.cancel();
  expect(job.signal.aborted).toBe(true);
});

test("a cancel that cannot be written down changes nothing: the job may still complete, or run out of time", async () => {
  const made = anOrder();
  const journal = { ...journalAt(workDir, made.jobId), cancelled: () => Promise.reject(new Error("the disk is full")) };
  const committed = makeJob(made, journal);
  await journal.order(made);
  expect(await outcome(committed.cancel())).toThrow("the disk is full");
  await committed.commit(publishing);
  const late = makeJob(made, journal);
  expect(await outcome(late.cancel())).toThrow("the disk is full");
  late.expire(new Fault("timeout", "too late"));
  expect(late.signal.reason).toMatchObject({ kind: "timeout" });
});

test("after the commit point a cancel is refused, and the deadline changes nothing", async () => {
  const job = await accepted();
  await job.commit(publishing);
  expect(await rejection(job.cancel())).toMatchObject({ kind: "conflict" });
  job.expire(new Fault("timeout", "too late"));
  expect(job.signal.aborted).toBe(false);
  expect(await job.journal.read()).toMatchObject({ isCancelled: false, publishing });
});

test("a drain stops a job before and after the commit point", async () => {
  const job = await accepted();
  job.drain();
  expect(job.signal.reason).toBe(drained);
  expect(await rejection(job.commit(publishing))).toBe(drained);
});

test("a journal gives back what was written, secrets of the order included", async () => {
  const job = await accepted();
  await job.journal.attempt({ attempt: 2, crashes: 1 });
  await job.journal.drained();
  expect(await job.journal.read()).toMatchObject({
    order: job.order,
    attempt: { attempt: 2, crashes: 1 },
    isDrained: true,
  });
  await job.journal.remove();
  expect(await job.journal.read()).toBeUndefined();
});
