import { expect, test } from "bun:test";
import { languageCode } from "#worker/plan/language-code.ts";

test.each([
  ["de", "deu", "ger"],
  ["ger", "deu", "ger"],
  ["pt-BR", "por", "por"],
  ["zh-Hant", "zho", "chi"],
  ["haw", "haw", "haw"],
  ["xx", undefined, undefined],
  ["und", undefined, undefined],
] as const)("%s is %s in mp4 and %s in WebM", (tag, mp4, webm) => {
  expect([languageCode(tag, "mp4"), languageCode(tag, "webm")]).toEqual([mp4, webm]);
});
