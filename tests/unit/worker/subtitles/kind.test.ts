import { expect, test } from "bun:test";
import { cleanText, kindOf } from "#worker/subtitles/kind.ts";

test.each([
  ["webvtt", "WEBVTT\n\n00:01.000 --> 00:02.000\na"],
  ["webvtt", "WEBVTT - a film\n"],
  ["subrip", "1\n00:00:01,000 --> 00:00:02,000\na"],
  ["subrip", "\n\n00:00:01.5 --> 0:00:02.500 X1:1\na"],
  ["ass", "[Script Info]\n; a comment\nScriptType: v4.00+\n"],
  ["ass", "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,a"],
] as const)("%s is known by its text", (kind, text) => {
  expect(kindOf(text)).toBe(kind);
});

test.each([
  "",
  "WEBVTTX\n",
  "<!DOCTYPE html><html>",
  "#EXTM3U\n#EXT-X-TARGETDURATION:1\n",
  '{"error":"not found"}',
  "[Script Info]\n",
  "ffconcat version 1.0\nfile /etc/passwd",
  "{1}{25}a",
])("%j is none of them", (text) => {
  expect(kindOf(text)).toBeUndefined();
});

test("a text has plain line breaks, and no characters that do things", () => {
  expect(cleanText("a\r\nb\rc\u2028d\u0000\u001b[2J\u009b\tx\ufeff")).toBe("a\nb\nc\nd[2J\tx");
});
