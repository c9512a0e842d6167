import { expect, test } from "bun:test";
import type { JobEvent } from "#shared/job/event.ts";
import { makeFeed } from "#shared/job/feed.ts";
import type { Order } from "#shared/job/order.ts";
import type { JobStatus } from "#shared/job/status.ts";
import { makeLog } from "#shared/log.ts";
import { notifyTransitions } from "#worker/webhooks/transitions.ts";

const order = (callbackEvents: string[]): Order => ({
  jobId: "0a1b2c3d-1",
  inputUrl: "https://example.com/a.mp4",
  preset: "tiny",
  output: { storage: "local", path: "a.mp4", type: "single", metadata: {}, publish: "atomic", overwrite: false },
  callbackUrl: "https://example.com/hook",
  callbackEvents,
});

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

async function told(callbackEvents: string[], notify = async () => {}) {
  const feed = makeFeed();
  for (const one of life) feed.publish(one);
  const sequences: number[] = [];
  await notifyTransitions(
    { order: order(callbackEvents), feed, stopSignal: new AbortController().signal },
    {
      notify: async (_order, { sequence }) => {
        sequences.push(sequence);
        await notify();
      },
      log: makeLog("test", { level: "silent" }),
    },
  );
  return sequences;
}

test("tells of each beginning of a status that was asked for, in every attempt, and not of the final one", async () => {
  expect(await told(["processing", "completed"])).toEqual([2, 1_000_001]);
  expect(await told(["queued", "uploading"])).toEqual([1, 1_000_003]);
  expect(await told([])).toEqual([]);
});

test("one that is lost takes no other with it", async () => {
  expect(await told(["queued", "uploading"], () => Promise.reject(new Error("no storage")))).toEqual([1, 1_000_003]);
});

test("ends with a drain", async () => {
  const drain = AbortSignal.abort();
  const job = { order: order(["queued"]), feed: makeFeed(), stopSignal: drain };
  await notifyTransitions(job, { notify: async () => {}, log: makeLog("test", { level: "silent" }) });
});
