import { expect, test } from "bun:test";
import { type Backoff, makeBackoff, pauseAfter, type RetryLimits } from "#shared/async/backoff.ts";

const firstMs = (policy: Omit<Backoff, "firstPauseMs">, random?: () => number) =>
  [1, 2, 3, 4].map((failures) => pauseAfter(failures, { firstPauseMs: 100, ...policy }, random));

test("pauses double unless another factor is given, up to the longest", () => {
  expect(firstMs({})).toEqual([100, 200, 400, 800]);
  expect(firstMs({ factor: 1 })).toEqual([100, 100, 100, 100]);
  expect(firstMs({ factor: 10, longestPauseMs: 1_000 })).toEqual([100, 1_000, 1_000, 1_000]);
  expect(pauseAfter(5_000, { firstPauseMs: 100, longestPauseMs: 1_000 })).toBe(1_000);
});

test("jitter shortens a pause by up to its share", () => {
  expect(firstMs({ jitter: 0.25 }, () => 0)).toEqual([100, 200, 400, 800]);
  expect(firstMs({ jitter: 0.25 }, () => 1)).toEqual([75, 150, 300, 600]);
  expect(firstMs({ jitter: 1, longestPauseMs: 300 }, () => 1)).toEqual([0, 0, 0, 0]);
});

/** The pauses that a policy gives on a clock that each pause and, before each failure, an attempt moves on. */
function pausesOf(limits: Omit<RetryLimits, "now">, { attemptMs = 0, most = 10 } = {}) {
  let clock = 0;
  const nextPause = makeBackoff({ firstPauseMs: 100, ...limits, now: () => clock });
  const pauses: number[] = [];
  for (clock += attemptMs; pauses.length < most; clock += attemptMs) {
    const pauseMs = nextPause();
    if (pauseMs === undefined) break;
    pauses.push(pauseMs);
    clock += pauseMs;
  }
  return pauses;
}

test("without a limit there is always another attempt", () => {
  expect(pausesOf({})).toHaveLength(10);
});

test("attempts are limited, the first one included", () => {
  expect(pausesOf({ attempts: 1 })).toEqual([]);
  expect(pausesOf({ attempts: 3 })).toEqual([100, 200]);
});

test("no attempt begins too long after the first failure", () => {
  expect(pausesOf({ withinMs: 99 })).toEqual([]);
  expect(pausesOf({ withinMs: 300 })).toEqual([100, 200]);
  // What the first attempt took does not count, what later ones take does.
  expect(pausesOf({ withinMs: 300 }, { attemptMs: 1_000 })).toEqual([100]);
  expect(pausesOf({ withinMs: 1_300 }, { attemptMs: 1_000 })).toEqual([100, 200]);
});

test("no attempt begins too long after the first one began", () => {
  expect(pausesOf({ totalMs: 300 })).toEqual([100, 200]);
  expect(pausesOf({ totalMs: 1_100 }, { attemptMs: 1_000 })).toEqual([100]);
  expect(pausesOf({ totalMs: 1_099 }, { attemptMs: 1_000 })).toEqual([]);
});

test("attempts, time and pauses begin anew after progress, and only when it goes beyond the best so far", () => {
  const reached = [0, 5, 5, 3, 6, 6, 6, 6];
  const counted = () => {
    let at = 0;
    return () => reached[at++] ?? 6;
  };
  expect(pausesOf({ attempts: 4, progress: counted() })).toEqual([100, 100, 200, 400, 100, 200, 400]);
  expect(pausesOf({ withinMs: 700, progress: counted() })).toEqual([100, 100, 200, 400, 100, 200, 400]);
});

test("once the signal is aborted there is no further attempt", () => {
  expect(pausesOf({ signal: AbortSignal.abort() })).toEqual([]);
});
