import { expect, test } from "bun:test";
import type { JobEvent } from "#shared/job/event.ts";
import { makeFeed } from "#shared/job/feed.ts";
import type { JobStatus } from "#shared/job/status.ts";

const event = (sequence: number, status: JobStatus = "processing", attempt = 1): JobEvent => ({
  jobId: "job",
  sequence,
  status,
  attempt,
  timestamp: "2026-01-01T00:00:00.000Z",
});
const never = new AbortController().signal;
const sequences = async (events: AsyncIterable<JobEvent>) => (await Array.fromAsync(events)).map((e) => e.sequence);

test("a reader gets what was kept and what comes, and is let go after the final event", async () => {
  const feed = makeFeed();
  feed.publish(event(1, "queued"));
  const reading = sequences(feed.follow(0, never));
  feed.publish(event(2));
  feed.publish(event(3, "completed"));
  expect(await reading).toEqual([1, 2, 3]);
});

test("a reader that comes back gets only what it has not seen", async () => {
  const feed = makeFeed();
  for (const n of [1, 2, 3]) feed.publish(event(n));
  feed.publish(event(4, "failed"));
  expect(await sequences(feed.follow(2, never))).toEqual([3, 4]);
  expect(await sequences(feed.follow(4, never))).toEqual([]);
});

test("every transition is kept, and the latest of the rest", async () => {
  const feed = makeFeed({ keep: 3 });
  feed.publish(event(1, "queued"));
  for (let n = 2; n < 40; n += 1) feed.publish(event(n));
  feed.publish(event(1_000_001, "processing", 2));
  for (let n = 2; n < 40; n += 1) feed.publish(event(1_000_000 + n, "processing", 2));
  feed.publish(event(1_000_040, "completed", 2));
  expect(await sequences(feed.follow(0, never))).toEqual([1, 2, 1_000_001, 1_000_038, 1_000_039, 1_000_040]);
});

test("a reader that leaves, or whose feed is closed, ends without a final event", async () => {
  const feed = makeFeed();
  feed.publish(event(1, "queued"));
  const leaving = new AbortController();
  const left = sequences(feed.follow(0, leaving.signal));
  const closed = sequences(feed.follow(0, never));
  await Promise.resolve();
  leaving.abort();
  feed.close();
  expect(await left).toEqual([1]);
  expect(await closed).toEqual([1]);
});
