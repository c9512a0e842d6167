import { expect, test } from "bun:test";
import { cuesOf } from "#tests/support/webvtt.ts";
import { assToWebvtt } from "#worker/subtitles/convert.ts";

const head = `[Script Info]
ScriptType: v4.00+
PlayResX: 400
PlayResY: 200

[V4+ Styles]
Format: Name, Fontname, Fontsize, Bold, Italic, Underline, Alignment, Encoding
Style: Default,Arial,20,0,0,0,2,1
Style: Sign,Arial,20,0,-1,0,8,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
`;
const line = (text: string, { style = "Default", from = "0:00:01.00", to = "0:00:02.50" } = {}) =>
  `Dialogue: 0,${from},${to},${style},,0,0,0,,${text}\n`;
const cuesFrom = (lines: string, codec = "ass") => cuesOf(assToWebvtt(head + lines, codec));
const styledFrom = (text: string, codec?: string) => cuesFrom(line(text), codec).map(({ styled }) => styled);

test.each([
  ["Hello\\Nsecond", "Hello\nsecond"],
  ["soft\\nbreak", "soft break"],
  ["{\\q2}hard\\nbreak", "hard\nbreak"],
  ["hard\\hspace", "hard\u00a0space"],
  ["a & b <i> --> c", "a & b <i> --> c"],
  ["&amp; stays what it says", "&amp; stays what it says"],
  ["an empty line\\N\\N \\Nis left out", "an empty line\nis left out"],
  ["Plain {a comment}words", "Plain words"],
  ["braces \\{kept\\}", "braces {kept}"],
  ["never {closed", "never {closed"],
  ["{\\k50}ka{\\k50}ra{\\kf20}o{\\K5}ke", "karaoke"],
  ["{\\i1}all{\\i0} {\\b1}three {\\u1}kinds{\\b0\\u0}", "i(all) b(three )b(u(kinds))"],
  ["{\\b700}heavy{\\b400} light", "b(heavy) light"],
  ["{\\i1}over\\Ntwo lines", "i(over)\ni(two lines)"],
  ["{\\bord3\\be1\\blur2\\i0\\fnItalic\\c&HFF&\\clip(0,0,10,10)}plain", "plain"],
  ["{\\t(0,100,\\i1)\\fad(10,10)}upright", "upright"],
  ["{\\i1}slanted{\\r}upright{\\rSign}slanted", "i(slanted)uprighti(slanted)"],
  ["{\\p1}m 0 0 l 100 0{\\p0}words", "words"],
])("%j reads %j", (text, styled) => {
  expect(styledFrom(text)).toEqual([styled]);
});

test.each([
  ["{\\p1}m 0 0 l 100 0 100 100{\\p0}"],
  ["{\\pos(1,2)\\p4}m 0 0 l 1 1"],
  ["{only a comment}"],
  [" \\N\\h"],
  [""],
])("of %j nothing is shown", (text) => {
  expect(cuesFrom(line(text))).toEqual([]);
});

test.each([
  ["words", "auto", "auto", "center"],
  ["{\\an1}words", "auto", "auto", "left"],
  ["{\\an8}words", "0", "auto", "center"],
  ["{\\an9}words", "0", "auto", "right"],
  ["{\\an5}words", "47%", "auto", "center"],
  ["{\\an5}two\\Nlines", "44%", "auto", "center"],
  ["{\\a6}words", "0", "auto", "center"],
  ["{\\a11}words", "47%", "auto", "right"],
  ["{\\an8\\an2}words", "0", "auto", "center"],
  ["{\\pos(100,50)}words", "19%", 25, "center"],
  ["{\\an7\\pos(100,50)}words", "25%", 25, "left"],
  ["{\\an3\\pos(300,150)}two\\Nlines", "63%", 75, "right"],
  ["{\\move(40,20,400,200)\\an7}words", "10%", 10, "left"],
  ["{\\pos(900,-20)\\an7}words", "0%", 100, "left"],
  ["{\\pos(133.3,66.6)\\an7}words", "33.3%", 33.33, "left"],
  ["{\\pos(nowhere)}words", "auto", "auto", "center"],
])("%j stands at line %p, position %p, aligned %p", (text, line_, position, align) => {
  expect(cuesFrom(line(text))).toMatchObject([{ line: line_, position, align }]);
});

test("a style says where its lines stand and how they look", () => {
  expect(cuesFrom(line("words", { style: "Sign" }))).toMatchObject([{ line: "0", styled: "i(words)" }]);
  expect(cuesFrom(line("words", { style: "*Sign" }))).toMatchObject([{ line: "0", styled: "i(words)" }]);
  expect(cuesFrom(line("words", { style: "Unknown" }))).toMatchObject([{ line: "auto", styled: "words" }]);
});

test("SSA counts its alignments in its own way", () => {
  const ssa = head.replace("V4+ Styles", "V4 Styles").replace(",8,1", ",5,1");
  expect(cuesOf(assToWebvtt(ssa + line("words", { style: "Sign" }), "ssa"))).toMatchObject([
    { line: "0", align: "left" },
  ]);
});

test("cues come in the order of their beginnings, overlap as they do, and equal ones come once", () => {
  const lines = [
    line("second", { from: "0:00:02.00", to: "0:00:04.00" }),
    line("first", { from: "0:00:01.00", to: "0:00:03.00" }),
    line("glow", { from: "1:00:59.99", to: "1:01:00.00" }),
    line("glow", { from: "1:00:59.99", to: "1:01:00.00" }),
    line("never", { from: "0:00:05.00", to: "0:00:05.00" }),
  ];
  expect(cuesFrom(lines.join("")).map(({ text, start, end }) => [text, start, end])).toEqual([
    ["first", 1, 3],
    ["second", 2, 4],
    ["glow", 3_659.99, 3_660],
  ]);
});

test("what a script only says to its authors is not shown", () => {
  const lines = `${line("shown")}Comment: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,not shown\n; Dialogue: no\n`;
  expect(cuesFrom(lines)).toMatchObject([{ text: "shown" }]);
});

test.each([
  ["subrip", "{curly} C:\\Users\\new", "{curly} C:\\Users\\new"],
  ["subrip", "Tom &amp; Jerry &lt;3", "Tom & Jerry <3"],
  ["subrip", "{\\an8}top{\\i1} and{\\i0} {more}", "topi( and) {more}"],
  ["mov_text", "{not a comment}", "{not a comment}"],
  ["mov_text", "{\\b1}bold{\\r} not", "b(bold) not"],
  ["text", "\\{curly\\} C:\\\\new\\Nline", "{curly} C:\\new\nline"],
  ["text", "C:\\\u2060new", "C:\\new"],
])("as ffmpeg's decoder of %s writes it, %j reads %j", (codec, text, styled) => {
  expect(styledFrom(text, codec)).toEqual([styled]);
});

test.each([["{"], ["{\\"], ["\\"], ["{\\t("], ["{a"], ["{\\t(\\i1"]])(
  "a line of many %j is read in no time",
  (piece) => {
    const long = piece.repeat(200_000);
    expect(styledFrom(`${long} end`)[0]).toEndWith(" end");
  },
);

test("times and sizes that a script does not say", () => {
  const bare = "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\an7\\pos(192,144)}words\n";
  expect(cuesOf(assToWebvtt(bare, "ass"))).toMatchObject([{ line: "50%", position: 50 }]);
  expect(cuesOf(assToWebvtt("", "ass"))).toEqual([]);
});
