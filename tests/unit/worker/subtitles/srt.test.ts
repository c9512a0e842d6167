import { expect, test } from "bun:test";
import { shownCues, srtOf } from "#worker/subtitles/srt.ts";

const cue = (start: string, end: string, text: string) => `00:${start} --> 00:${end}\n${text}\n`;
const webvtt = (...cues: string[]) => ["WEBVTT\n", ...cues].join("\n");

test("emphasis stays, other markup goes, and what would be a code is text", () => {
  const text = "<v Ann><b>Hi</b> &amp; <c.red>you</c></v> &lt;i&gt; {\\an8} a\\Nb";
  expect(srtOf(webvtt(cue("01.000", "02.500", text)))).toBe(
    "1\n00:00:01,000 --> 00:00:02,500\n<b>Hi</b> & you <\u2060i> {\u2060\\\u2060an8} a\\\u2060Nb\n",
  );
});

test("texts that are shown together become one, as long as they are", () => {
  const shown = shownCues(
    webvtt(cue("01.000", "03.000", "a"), cue("02.000", "04.000", "b"), cue("05.000", "06.000", "c")),
  );
  expect(shown).toEqual([
    { start: 1, end: 2, lines: ["a"] },
    { start: 2, end: 3, lines: ["a", "b"] },
    { start: 3, end: 4, lines: ["b"] },
    { start: 5, end: 6, lines: ["c"] },
  ]);
});

test("a text of nothing, or of no time, is none", () => {
  expect(shownCues(webvtt(cue("01.000", "02.000", " "), cue("03.000", "03.000", "a")))).toEqual([]);
});
