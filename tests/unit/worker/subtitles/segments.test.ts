import { expect, test } from "bun:test";
import { webvttPart, webvttSegments } from "#worker/subtitles/segments.ts";

const whole = `WEBVTT - a film

STYLE
::cue { color: red }

NOTE nobody sees this

1
00:00:01.000 --> 00:00:03.000 line:10%
one
two

00:05.500 --> 00:06.000
three

01:00:00.000 --> 01:00:01.000
late
`;

const spans = [
  { start: 0, end: 2 },
  { start: 2, end: 4 },
  { start: 4, end: 6 },
];
const head = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:7200,LOCAL:00:00:00.000\n\nSTYLE\n::cue { color: red }\n";

test("each segment has the cues that are shown within it, and what is said for all", () => {
  const [first, second, third] = webvttSegments(whole, spans, 7_200);
  const one = "\n1\n00:00:01.000 --> 00:00:03.000 line:10%\none\ntwo\n";
  expect(first).toBe(`${head}${one}`);
  expect(second).toBe(`${head}${one}`);
  // What comes behind the end is not lost.
  expect(third).toBe(`${head}\n00:05.500 --> 00:06.000\nthree\n\n01:00:00.000 --> 01:00:01.000\nlate\n`);
});

test("a cue that ends where a segment begins is not in it", () => {
  const text = "WEBVTT\r\n\r\n00:00.000 --> 00:02.000\r\na\r\n\r\n00:02.000 --> 00:04.000\r\nb\r\n";
  const [first, second, third] = webvttSegments(text, spans, 0);
  expect(first).toEndWith("\n\n00:00.000 --> 00:02.000\na\n");
  expect(second).toEndWith(".000\n\n00:02.000 --> 00:04.000\nb\n");
  expect(third).toBe("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n");
});

test("a file of no cues is still one for each segment", () => {
  expect(webvttSegments("WEBVTT\n", spans, 0).length).toBe(3);
});

test("a part of a file has what is shown in it, counted from its beginning", () => {
  const text = [
    "WEBVTT\n",
    "STYLE\n::cue { color: red }\n",
    "00:01.000 --> 00:02.000\nbefore\n",
    "one\n00:09.500 --> 00:10.500 line:0\nacross the beginning\n",
    "01:00:11.000 --> 01:00:12.000\nmuch later\n",
    "00:11.000 --> 00:14.000\nlong <00:12.500>and sung\n",
  ].join("\n");
  expect(webvttPart(text, { start: 10, end: 13 })).toBe(
    [
      "WEBVTT\n",
      "STYLE\n::cue { color: red }\n",
      "one\n00:00:00.000 --> 00:00:00.500 line:0\nacross the beginning\n",
      "00:00:01.000 --> 00:00:03.000\nlong <00:00:02.500>and sung\n",
    ].join("\n"),
  );
});

test("a part keeps no cue of which less than a millisecond is shown, and counts days as hours", () => {
  const text = "WEBVTT\n\n00:01.000 --> 00:03.042\nbefore\n\n30:00:00.000 --> 30:00:01.000\nlate\n";
  const part = { start: 3.0417, end: 30 * 3_600 + 0.5 };
  expect(webvttPart(text, part)).toBe("WEBVTT\n\n29:59:56.958 --> 29:59:57.458\nlate\n");
});
