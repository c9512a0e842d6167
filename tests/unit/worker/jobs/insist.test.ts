import { expect, test } from "bun:test";
import { outcome } from "#tests/support/outcome.ts";
import { insist } from "#worker/jobs/insist.ts";

test("a failure ends it only once it is stopped", async () => {
  const stop = new AbortController();
  const failures: unknown[] = [];
  const insisting = insist(() => Promise.reject(new Error(`try ${failures.length + 1}`)), {
    signal: stop.signal,
    onFailure(error) {
      failures.push(error);
      stop.abort();
    },
  });
  expect(await outcome(insisting)).toThrow("try 1");
  expect(failures).toHaveLength(1);
});

test("what comes right in the end is the answer, and a stop does not take it away", async () => {
  const signal = AbortSignal.abort();
  expect(await insist(async () => "done", { signal, onFailure() {} })).toBe("done");
});
