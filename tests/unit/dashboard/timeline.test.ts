import { expect, test } from "bun:test";
import type { JobEvent } from "#client/client.ts";
import { stepsOf } from "#dashboard/timeline.ts";

const start = Date.parse("2026-01-01T12:00:00Z");

/** Events a second apart. */
const events = (updates: readonly Partial<JobEvent>[]): JobEvent[] =>
  updates.map((event, second) => ({
    job_id: "a",
    sequence: second + 1,
    status: "processing",
    attempt: 1,
    timestamp: new Date(start + second * 1_000).toISOString(),
    ...event,
  }));

const whole = events([
  { status: "queued" },
  { message: "Fetching the source" },
  { message: "Fetching the source: 3.0 MB" },
  { message: "Encoding frame 1/100", progress: 1, fps: 24 },
  { message: "Encoding frame 90/100", progress: 90, fps: 24 },
  { status: "uploading" },
  { status: "uploading" },
  { status: "completed" },
]);

const secondsOf = (steps: ReturnType<typeof stepsOf>) =>
  Object.fromEntries(steps.map(({ name, from, to }) => [name, (to - from) / 1_000]));

test("a job's events are its steps, one after the other", () => {
  expect(secondsOf(stepsOf(whole, start - 500, 0))).toEqual({
    queued: 1.5,
    fetch: 2,
    encode: 2,
    upload: 1,
    publish: 1,
  });
});

test("a step that goes on lasts until now", () => {
  expect(secondsOf(stepsOf(whole.slice(0, 5), undefined, start + 10_000))).toEqual({ queued: 1, fetch: 2, encode: 7 });
});

test("only the latest attempt is shown", () => {
  const again = events([{ status: "processing", progress: 50 }, { attempt: 2 }, { attempt: 2, status: "failed" }]);
  expect(secondsOf(stepsOf(again, start, 0))).toEqual({ queued: 0, fetch: 1 });
});

test("without events there are no steps", () => {
  expect(stepsOf([], start, start)).toEqual([]);
});
