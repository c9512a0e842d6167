import { expect, test } from "bun:test";
import type { Plan } from "#worker/plan/plan.ts";
import { subtitleProblem } from "#worker/verify/subtitles.ts";

const problemOf = (line: string, codec = "ass") => {
  const converted = [{ from: "subtitles_0.ass", name: "subtitles_0.vtt", codec, text: () => "" }];
  const text = `WEBVTT\n\n00:00:01.000 --> 00:00:02.000 line:0\nFirst.\n${line}\n`;
  return subtitleProblem({ converted } as unknown as Plan, [{ name: "subtitles_0.vtt", bytes: 1, text }]);
};

test.each(["Hello", "<i>Hello</i> &amp; <b>you</b> &lt;3", "m as in mother", "{not a code}", "5 &gt; 4"])(
  "accepts %s",
  (line) => {
    expect(problemOf(line)).toBeUndefined();
  },
);

test.each([
  ["you & me", "a text is not escaped as WebVTT asks"],
  ["<font>Hello</font>", "a text is not escaped as WebVTT asks"],
  ["{\\an8}Hello", "a text holds the codes of its former format"],
  ["m 0 0 l 100 0 100 50", "a text is the numbers of a drawing"],
])("refuses %s", (line, words) => {
  expect(problemOf(line)).toBe(`subtitles_0.vtt: ${words}`);
});

test("knows that braces and numbers may be meant in other formats", () => {
  expect(problemOf("{\\bf x}", "text")).toBeUndefined();
  expect(problemOf("m 0 0 l 100 0 100 50", "subrip")).toBeUndefined();
});
