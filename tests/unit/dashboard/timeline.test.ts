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

test("joining pieces and encoding the sound is a step of its own", () => {
  const split = events([
    { message: "Fetching the source" },
    { message: "Encoding frame 1/100", progress: 1 },
    { message: "Encoding frame 99/100", progress: 94 },
    { message: "Joining the pieces and encoding the sound", progress: 95 },
    { message: "Joining the pieces and encoding the sound", progress: 99 },
    { status: "uploading" },
    { status: "completed" },
  ]);
  expect(secondsOf(stepsOf(split, undefined, 0))).toEqual({
    ...{ queued: 0, fetch: 1, encode: 2, join: 2, upload: 0, publish: 1 },
  });
});

test("finding a CRF and measuring are steps of their own", () => {
  const aimed = events([
    { status: "queued" },
    { message: "Fetching the source" },
    { message: "Taking a sample of the film: 1 of 16" },
    { message: "Choosing the renditions" },
    { message: "Finding the CRF: probe 2 of 3" },
    { message: "Encoding frame 1" },
    { message: "Measuring quality 0 %", progress: 100 },
    { message: "Measuring quality 50 %", progress: 100 },
    { status: "uploading" },
    { status: "completed" },
  ]);
  expect(secondsOf(stepsOf(aimed, undefined, 0))).toEqual({
    ...{ queued: 1, fetch: 1, aim: 3, encode: 1, measure: 2 },
    ...{ upload: 0, publish: 1 },
  });
});

test.each(["Choosing the renditions", "Finding the CRF: probe 1 of 3"])(
  "%s is aiming, without a sample before",
  (message) => {
    const found = events([{ message: "Going on with the source fetched before" }, { message }, { status: "failed" }]);
    expect(secondsOf(stepsOf(found, undefined, 0))).toEqual({ queued: 0, fetch: 1, aim: 1 });
  },
);

test("a job that waits to run again is queued, and not fetched", () => {
  const again = events([
    { message: "Fetching the source" },
    { attempt: 2, message: "Waiting to run again" },
    { attempt: 2, message: "Waiting to run again" },
    { attempt: 2, message: "Fetching the source" },
    { attempt: 2, message: "Encoding frame 1/9", progress: 10 },
  ]);
  expect(secondsOf(stepsOf(again, start, start + 5_000))).toEqual({ queued: 2, fetch: 1, encode: 1 });
  expect(secondsOf(stepsOf(again.slice(0, 3), start, start + 3_000))).toEqual({ queued: 2 });
});

test("what was encoded before is only uploaded", () => {
  const kept = events([
    { status: "queued" },
    { message: "Delivering what was encoded before", progress: 100 },
    { status: "uploading" },
    { status: "completed" },
  ]);
  expect(secondsOf(stepsOf(kept, undefined, 0))).toEqual({ queued: 1, upload: 1, publish: 1 });
});

test("without events there are no steps", () => {
  expect(stepsOf([], start, start)).toEqual([]);
});
