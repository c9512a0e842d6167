import { expect, test } from "bun:test";
import { languageOf } from "#worker/plan/language.ts";

test.each([
  ["eng", "en", "English"],
  ["jpn", "ja", "Japanese"],
  ["ger", "de", "German"],
  ["deu", "de", "German"],
  ["fre", "fr", "French"],
  ["pt", "pt", "Portuguese"],
])("%s is %s, %s", (tag, canonical, name) => {
  expect(languageOf(tag)).toEqual({ tag: canonical, name });
});

test.each([[undefined], ["und"], ["zxx"], [""], ['e"g'], ["english"]])("%p is no language", (tag) => {
  expect(languageOf(tag)).toBeUndefined();
});
