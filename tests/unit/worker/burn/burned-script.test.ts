import { expect, test } from "bun:test";
import { scriptFor, textLines } from "#worker/burn/burned-script.ts";

const bt709 = { matrix: "bt709", primaries: "bt709", transfer: "bt709", range: "tv" } as const;
const hdr = { matrix: "bt2020nc", primaries: "bt2020", transfer: "smpte2084", range: "tv" } as const;
const wide = { width: 1920, height: 1080 };
const whole = { start: 0, end: 60 };
const written = (lines: string, head = "", style = "Default,Arial,16,&H00FFFFFF") =>
  `[Script Info]\n${head}\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour\nStyle: ${style}\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n${lines}`;
const line = (text: string, times = "0:00:01.00,0:00:02.50") => `Dialogue: 0,${times},Default,,0,0,0,,${text}\n`;
const dialogues = (text: string) => text.split("\n").filter((one) => one.startsWith("Dialogue:"));
const made = (text: string, more: Partial<Parameters<typeof textLines>[0]> = {}) => {
  const { script, ...rest } = textLines({ written: text, codec: "subrip", size: wide, part: whole, ...more });
  return { ...rest, text: scriptFor(script, bt709) };
};

test("plain text has one style, its own emphasis and colours, and no other commands", () => {
  const { text } = made(
    written(line("{\\i1}Hi{\\i0} {x} {\\fs90\\c&HFF&}r\\xed{\\pos(1,2)\\c}\\N{\\an8}a\\b &amp;{\\p1}m 0 0{\\p0}")),
  );
  expect(dialogues(text)).toEqual([
    "Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\an8}{\\i1}Hi{\\r} \\{x\\} {\\c&H0200E9&}r\\\u2060xed{\\r}\\Na\\\u2060b &",
  ]);
  expect(text).toContain("Style: Default,Noto Sans,");
});

test("letters are as large by the short side, whichever it is", () => {
  const sizes = [wide, { width: 1080, height: 1920 }].map((size) => made(written(line("a")), { size }).text);
  expect(sizes[0]).toContain("PlayResX: 512\nPlayResY: 288\n");
  expect(sizes[1]).toContain("PlayResX: 288\nPlayResY: 512\n");
});

test("a part counts from its beginning, and what is not shown in it is left out", () => {
  const lines = [
    line("before", "0:00:01.00,0:00:10.00"),
    line("across", "0:00:09.00,0:00:11.00"),
    line("late", "0:00:19.50,0:00:30.00"),
    line("after", "0:00:20.00,0:00:30.00"),
  ];
  for (const codec of ["subrip", "ass"]) {
    const { text, spans } = made(written(lines.join("")), { codec, part: { start: 10, end: 20 } });
    expect(dialogues(text).map((one) => one.split(",").slice(1, 3).join())).toEqual([
      "0:00:00.00,0:00:01.00",
      "0:00:09.50,0:00:10.00",
    ]);
    expect(spans).toEqual([
      { start: 0, end: 1 },
      { start: 9.5, end: 10 },
    ]);
  }
});

test("an author's script keeps its styles and commands, and brings no fonts and pictures", () => {
  const head =
    "PlayResX: 640\nPlayResY: 360\nTitle: x\nAudio File: /etc/passwd\n\n[Fonts]\nfontname: a.ttf\nAAAA\n\n[Aegisub Extradata]\nData: x";
  const { text } = made(written(line("{\\fs40\\pos(5,6)}sign"), head), { codec: "ass" });
  expect(text).toContain("PlayResX: 640\nPlayResY: 360\n");
  expect(text).toContain("Style: Default,Arial,16,&H00FFFFFF");
  expect(dialogues(text)[0]).toEndWith(",{\\fs40\\pos(5,6)}sign");
  expect(text).not.toMatch(/fontname|AAAA|passwd|Title|Data:/);
});

test("in a picture that is narrower than its script, an author's text is as wide as it was, unless it has places", () => {
  const tall = { codec: "ass", size: { width: 720, height: 1280 } };
  const head = "PlayResX: 640\nPlayResY: 360";
  expect(made(written(line("a"), head), tall).text).toContain("PlayResX: 640\nPlayResY: 1138\n");
  expect(made(written(line("{\\pos(1,2)}a"), head), tall).text).toContain("PlayResY: 360\n");
  expect(made(written(line("a"), head), { ...tall, size: wide }).text).toContain("PlayResY: 360\n");
});

test("the colours of styles and commands become those of the picture, and their alpha stays", () => {
  const { script } = textLines({
    ...{
      written: written(line("{\\1c&HFFFFFF&\\t(\\3c&HFFFFFF&)}a"), "", "Default,Arial,16,&H80FFFFFF"),
      codec: "ass",
    },
    ...{ size: wide, part: whole },
  });
  const text = scriptFor(script, hdr);
  expect(text).toContain("Style: Default,Arial,16,&H80949494");
  expect(text).toContain("{\\1c&H949494&\\t(\\3c&H949494&)}a");
});

test("styles of SSA have decimal colours, and stay SSA", () => {
  const ssa = written(line("a"), "", "Default,Arial,16,16777215").replace("[V4+ Styles]", "[V4 Styles]");
  const { text } = made(ssa, { codec: "ssa" });
  expect(text).toContain("ScriptType: v4.00\n");
  expect(text).toContain(
    "[V4 Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour\nStyle: Default,Arial,16,&H00FFFFFF",
  );
});

test("letters are told once each, without what nobody sees", () => {
  expect(made(written(line("aba \u200b\u064b日{\\b1}c"))).letters).toEqual(["a", "b", "日", "c"]);
  expect(made(written(line("{\\p1}m 0 0{\\p0}")), { codec: "ass" })).toMatchObject({ letters: [], spans: [] });
});

test("the language chooses between the forms of characters", () => {
  const languages = ["zh-Hant", "jpn", "de", "xyz", undefined];
  const said = languages.map((language) => /Language: (.*)/.exec(made(written(line("a")), { language }).text)?.[1]);
  expect(said).toEqual(["zh", "ja", "de", undefined, undefined]);
});
