import { expect, test } from "bun:test";
import { poll, type RetryPolicy, retry } from "#shared/async/retry.ts";
import { outcome } from "#tests/support/outcome.ts";

const quick = { firstPauseMs: 1, longestPauseMs: 1 };
const slow = { firstPauseMs: 3_600_000 };

/** Work that fails so often before it succeeds, and counts. */
function failing(times: number) {
  let attempts = 0;
  return async () => {
    attempts += 1;
    if (attempts <= times) throw new Error(`attempt ${attempts}`);
    return attempts;
  };
}

test("work is repeated until it succeeds, and each failure but the last is told", async () => {
  const failures: unknown[] = [];
  expect(await retry(failing(3), { ...quick, onRetry: (error) => failures.push(error) })).toBe(4);
  expect(failures.map(String)).toEqual(["Error: attempt 1", "Error: attempt 2", "Error: attempt 3"]);
});

test("the last failure is thrown at the limit, or when another attempt could not succeed", async () => {
  const failures: unknown[] = [];
  const onRetry: RetryPolicy["onRetry"] = (error) => failures.push(error);
  expect(await outcome(retry(failing(9), { ...quick, attempts: 2, onRetry }))).toThrow("attempt 2");
  expect(failures).toHaveLength(1);
  const isRetryable = async (error: unknown) => !String(error).includes("3");
  expect(await outcome(retry(failing(9), { ...quick, isRetryable, onRetry }))).toThrow("attempt 3");
  expect(failures).toHaveLength(3);
});

test("the pause begins only when who is told of the failure has done what it does about it", async () => {
  const order: string[] = [];
  const work = async () => {
    order.push("attempt");
    if (order.length < 2) throw new Error("failed");
  };
  const onRetry = async () => {
    await Promise.resolve();
    order.push("told");
  };
  await retry(work, { ...quick, onRetry });
  expect(order).toEqual(["attempt", "told", "attempt"]);
});

test("an abort ends the pause with the last failure", async () => {
  const stop = new AbortController();
  const failures: unknown[] = [];
  const retrying = retry(failing(9), {
    ...slow,
    signal: stop.signal,
    onRetry(error) {
      failures.push(error);
      stop.abort();
    },
  });
  expect(await outcome(retrying)).toThrow("attempt 1");
  expect(failures).toHaveLength(1);
});

test("an abort during an attempt is its last, and does not take a success away", async () => {
  const signal = AbortSignal.abort();
  const failures: unknown[] = [];
  const onRetry: RetryPolicy["onRetry"] = (error) => failures.push(error);
  expect(await retry(async () => "done", { ...slow, signal, onRetry })).toBe("done");
  expect(await outcome(retry(failing(9), { ...slow, signal, onRetry }))).toThrow("attempt 1");
  expect(failures).toEqual([]);
});

test("an answer that will not do is asked for again, and at the limit it is the answer", async () => {
  const counting = () => {
    let answers = 0;
    return async () => (answers += 1);
  };
  expect(await poll(counting(), (answer) => answer === 3, quick)).toBe(3);
  expect(await poll(counting(), () => false, { ...quick, attempts: 5 })).toBe(5);
  expect(await poll(counting(), () => false, { ...slow, signal: AbortSignal.abort() })).toBe(1);
});

test("an abort ends the pause between two questions", async () => {
  const stop = new AbortController();
  const ask = async () => {
    queueMicrotask(() => stop.abort());
    return "not yet";
  };
  expect(await poll(ask, () => false, { ...slow, signal: stop.signal })).toBe("not yet");
});

test("what fails while it is asked is not asked again", async () => {
  expect(await outcome(poll(failing(1), () => true, quick))).toThrow("attempt 1");
});
