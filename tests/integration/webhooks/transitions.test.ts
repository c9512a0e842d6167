import { afterAll, expect, test } from "bun:test";
import type { JobEvent } from "#shared/job/event.ts";
import { makeFeed } from "#shared/job/feed.ts";
import type { JobStatus } from "#shared/job/status.ts";
import { makeLog } from "#shared/log.ts";
import { anOrder } from "#tests/support/orders.ts";
import { outcome } from "#tests/support/outcome.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { journalAt } from "#worker/journal/journal.ts";
import { notifyTransitions } from "#worker/webhooks/transitions.ts";

const order = (callbackEvents: string[]) =>
  anOrder({ jobId: "0a1b2c3d-1", callbackUrl: "https://example.com/hook", callbackEvents });

const event = (sequence: number, status: JobStatus, attempt = 1): JobEvent => ({
  jobId: "0a1b2c3d-1",
  sequence,
  status,
  attempt,
  timestamp: "2026-01-01T00:00:00.000Z",
});

const life = [
  event(1, "queued"),
  event(2, "processing"),
  event(3, "processing"),
  event(1_000_001, "processing", 2),
  event(1_000_002, "processing", 2),
  event(1_000_003, "uploading", 2),
  event(1_000_004, "completed", 2),
];

const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

async function accepted(callbackEvents: string[]) {
  const { path } = stack.use(await temporaryFolder());
  const journal = journalAt(path, "0a1b2c3d-1");
  await journal.order(order(callbackEvents));
  const feed = makeFeed();
  for (const one of life) feed.publish(one);
  const stop = new AbortController();
  return { job: { order: order(callbackEvents), journal, feed, stopSignal: stop.signal }, stop };
}

const log = makeLog("test", { level: "silent" });

async function notifiedOf(callbackEvents: string[]) {
  const { job } = await accepted(callbackEvents);
  const sequences: number[] = [];
  await notifyTransitions(job, { notify: async (_, { sequence }) => void sequences.push(sequence), log });
  return sequences;
}

test("tells of each beginning of a status that was asked for, in every attempt, and not of the final one", async () => {
  expect(await notifiedOf(["processing", "completed"])).toEqual([2, 1_000_001]);
  expect(await notifiedOf(["queued", "uploading"])).toEqual([1, 1_000_003]);
  expect(await notifiedOf([])).toEqual([]);
});

test("what can be neither sent nor kept holds up no other, and is told of by the next process", async () => {
  const { job, stop } = await accepted(["queued", "uploading"]);
  const sending = notifyTransitions(job, {
    notify: async (_, { status }) => {
      if (status === "queued") throw new Error("no storage");
      stop.abort();
    },
    log,
  });
  expect(await outcome(sending)).toThrow("no storage");
  expect((await job.journal.unsettledWebhooks()).map(({ sequence }) => sequence)).toEqual([1]);

  const again: JobEvent[] = [];
  const next = { ...job, feed: makeFeed(), stopSignal: new AbortController().signal };
  next.feed.publish(event(1_000_005, "completed", 2));
  await notifyTransitions(next, { notify: async (_, event) => void again.push(event), log });
  expect(again).toEqual([event(1, "queued")]);
  expect(await job.journal.unsettledWebhooks()).toEqual([]);
});

test("ends with a drain", async () => {
  const { job } = await accepted(["queued"]);
  const drained = { ...job, feed: makeFeed(), stopSignal: AbortSignal.abort() };
  await notifyTransitions(drained, { notify: async () => {}, log });
});
