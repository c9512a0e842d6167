import { expect, test } from "bun:test";
import { targetWords } from "#dashboard/target-words.ts";

test("a target is said to be reached or not only where that is known", () => {
  expect(targetWords({ target: 93, reached: true })).toBe("VMAF 93 is reached.");
  expect(targetWords({ target: 93, reached: false })).toBe("VMAF 93 is not reached.");
  expect(targetWords({ target: 93 })).toBe("VMAF 93 was aimed at.");
  expect(targetWords({})).toBe("");
});
