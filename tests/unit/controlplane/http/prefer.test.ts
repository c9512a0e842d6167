import { expect, test } from "bun:test";
import { waitIn } from "#controlplane/http/prefer.ts";

test.each([
  [undefined, undefined],
  ["", undefined],
  ["respond-async", undefined],
  ["wait=30", 30],
  ["WAIT=30", 30],
  ["wait", Number.POSITIVE_INFINITY],
  ['wait=""', Number.POSITIVE_INFINITY],
  ['wait="5"', 5],
  ["respond-async, wait=10", 10],
  ["wait = 10; foo=bar, respond-async", 10],
  ['foo="a, wait=7", wait=3', 3],
  ["foo; wait=7", undefined],
  ["wait=3, wait=9", 3],
  ["wait=soon", undefined],
  ["wait=-1", undefined],
  ["await=1", undefined],
])("Prefer: %p waits %p seconds", (header, seconds) => {
  expect(waitIn(header)).toBe(seconds);
});
