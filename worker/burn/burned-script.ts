import type { Colour } from "#worker/plan/colour.ts";
import { parseScript } from "#worker/subtitles/script.ts";
import { type Dialect, type Run, shownText } from "#worker/subtitles/text.ts";
import { drawnColour } from "./drawn-colour.ts";
import { type AuthoredScript, authoredScript, playRes, type ScriptLine } from "./script-lines.ts";

type Size = { width: number; height: number };

/** What is drawn over a film, by the clock of the output. */
export type TextLines = {
  /** The script without its head's colours: see `scriptFor`. */
  script: AuthoredScript;
  /** When something is shown, in seconds, in their order. */
  spans: readonly { start: number; end: number }[];
  /** Each character that is drawn, once. */
  letters: readonly string[];
};

type Given = {
  /** What ffmpeg has made of the text: ASS. */
  written: string;
  /** The codec of the text itself. */
  codec: string;
  /** The size of the picture that it is drawn over. */
  size: Size;
  /** The part that is shown, in seconds of what is written; it begins at zero of the output. */
  part: { start: number; end: number };
  /** The language, as BCP 47 or ISO 639 have it. */
  language?: string | undefined;
};

/** Codecs of which ffmpeg's decoders make ASS that is no author's. */
const dialects: Readonly<Record<string, Dialect>> = {
  ...{ subrip: "marked", mov_text: "marked", eia_608: "marked", webvtt: "ass", text: "escaped" },
};

/** What is to be drawn of a text. Authors of ASS have said how; all else has one style. */
export function textLines({ written, codec, size, part, language }: Given): TextLines {
  const authored = authoredScript(written);
  const lines = authored.lines.flatMap((line): ScriptLine[] => {
    const [start, end] = [Math.max(line.start, part.start) - part.start, Math.min(line.end, part.end) - part.start];
    return end > start ? [{ ...line, start, end }] : [];
  });
  const isAuthored = codec === "ass" || codec === "ssa";
  const script = isAuthored ? fittedScript({ ...authored, lines }, size) : plainScript(written, part, codec, size);
  const shown = shownLines(written, part, isAuthored ? "ass" : (dialects[codec] ?? "marked"));
  return {
    script: { ...script, info: withLanguage(script.info, language) },
    spans: shown.map(({ start, end }) => ({ start, end })).toSorted((a, b) => a.start - b.start),
    letters: [...new Set(shown.flatMap(({ text }) => [...text]))].filter(isDrawn),
  };
}

const isDrawn = (letter: string) => !/^[\p{Z}\p{C}\p{M}]$/u.test(letter);

/** Two letters, by which libass chooses the forms of Chinese, Japanese and Korean characters. */
function withLanguage(info: ReadonlyMap<string, string>, language = "") {
  const short = /^[a-z]{2}(?=-|$)/i.exec(language)?.[0].toLowerCase() ?? languages[language.slice(0, 3).toLowerCase()];
  return short === undefined ? info : new Map([...info, ["Language", short]]);
}
const languages: Readonly<Record<string, string>> = { chi: "zh", zho: "zh", jpn: "ja", kor: "ko" };

type Shown = { start: number; end: number; runs: readonly Run[]; text: string; alignment: number };

/** What is shown in a part, without what is drawn as a shape. */
function shownLines(written: string, part: Given["part"], dialect: Dialect): Shown[] {
  const script = parseScript(written);
  return script.events.flatMap((event): Shown[] => {
    const start = Math.max(event.start / 1_000, part.start) - part.start;
    const end = Math.min(event.end / 1_000, part.end) - part.start;
    if (end <= start) return [];
    const { runs, alignment } = shownText(event, script, dialect, true);
    const text = runs.map((run) => run.text).join("");
    const own = alignment ?? script.styles.get(event.style)?.alignment ?? 2;
    return text.trim() === "" ? [] : [{ start, end, runs, text, alignment: own }];
  });
}

/** An author places by the height of the picture: in one that is narrower than the script is, its width is what counts. */
function fittedScript(script: AuthoredScript, { width, height }: Size): AuthoredScript {
  const res = playRes(script.info);
  const isNarrower = (width / height) * 1.05 < res.width / res.height;
  const places = script.lines.some(({ rest }) => /\\(pos|move|org|i?clip|p[1-9])/.test(rest));
  if (!isNarrower || places) return script;
  const tall = Math.round((res.width * height) / width);
  return { ...script, info: new Map([...script.info, ["PlayResX", String(res.width)], ["PlayResY", String(tall)]]) };
}

/** The short side that the numbers of the one style are for. */
const shortSide = 288;

/** The one style: letters of a twentieth of the short side, with an outline, a little above the lower edge. */
function plainScript(written: string, part: Given["part"], codec: string, { width, height }: Size): AuthoredScript {
  const scale = shortSide / Math.min(width, height);
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  const margins = [Math.round(wide / 20), Math.round(wide / 20), Math.round(high / (height > width ? 12 : 18))];
  return {
    isLegacy: false,
    info: new Map([
      ...[["PlayResX", String(wide)] as const, ["PlayResY", String(high)] as const],
      ...[["WrapStyle", "0"] as const, ["ScaledBorderAndShadow", "yes"] as const],
    ]),
    styles: [
      "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding",
      // The encoding -1 lets each line say itself which way it is read.
      `Style: Default,Noto Sans,19,&H00FFFFFF,&H00FFFFFF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,1.1,0.5,2,${margins.join()},-1`,
    ],
    lines: shownLines(written, part, dialects[codec] ?? "marked").map(({ start, end, runs, alignment }) => ({
      ...{ start, end, layer: "0" },
      rest: `Default,,0,0,0,,${alignment === 2 ? "" : `{\\an${alignment}}`}${runs.map(runText).join("")}`,
    })),
  };
}

function runText({ text, bold, italic, underline, colour }: Run): string {
  const tags = [
    bold ? "\\b1" : "",
    italic ? "\\i1" : "",
    underline ? "\\u1" : "",
    colour ? `\\c&H${colour}&` : "",
  ].join("");
  return tags === "" ? escaped(text) : `{${tags}}${escaped(text)}{\\r}`;
}

/** Text that libass takes for nothing but text: a backslash before an invisible character begins no tag. */
const escaped = (text: string) =>
  text
    .replaceAll("\\", "\\\u2060")
    .replace(/[{}]/g, "\\$&")
    .replaceAll("\n", "\\N")
    .replace(/\p{Cc}/gu, "");

/** The text of a script, with its colours as they are in pictures of this colour. */
export function scriptFor({ info, isLegacy, styles, lines }: AuthoredScript, colour: Colour): string {
  return [
    "[Script Info]",
    `ScriptType: v4.00${isLegacy ? "" : "+"}`,
    ...[...info].map(([key, value]) => `${key}: ${value}`),
    "",
    isLegacy ? "[V4 Styles]" : "[V4+ Styles]",
    ...colouredStyles(styles, colour),
    "",
    "[Events]",
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    ...lines.map(
      ({ start, end, layer, rest }) =>
        `Dialogue: ${layer},${timeOf(start)},${timeOf(end)},${colouredTags(rest, colour)}`,
    ),
    "",
  ].join("\n");
}

function colouredStyles(styles: readonly string[], colour: Colour): string[] {
  let columns: readonly string[] = [];
  return styles.map((line) => {
    const [, key = "", value = ""] = /^(\w+): *(.*)$/.exec(line) ?? [];
    if (key === "Format") {
      columns = value.split(",").map((column) => column.trim());
      return line;
    }
    const values = value
      .split(",")
      .map((one, at) => (/Colour$/.test(columns[at] ?? "") ? styleColour(one, colour) : one));
    return `${key}: ${values.join()}`;
  });
}

/** A style's colour is a number, decimal or hexadecimal: alpha, blue, green, red. */
function styleColour(text: string, colour: Colour): string {
  const [, hex, decimal] = /^\s*(?:&H([0-9A-F]{1,8})&?|(-?\d{1,10}))\s*$/i.exec(text) ?? [];
  if (hex === undefined && decimal === undefined) return text;
  const digits = hex ?? (Number(decimal) >>> 0).toString(16);
  const all = digits.padStart(8, "0").toUpperCase();
  return `&H${all.slice(0, 2)}${inColour(all.slice(2), colour)}`;
}

const colouredTags = (rest: string, colour: Colour) =>
  rest.replace(
    /(\\[1-4]?c&H)([0-9A-F]{1,8})(?=&|[\\})])/gi,
    (_, tag: string, hex: string) => `${tag}${inColour(hex.padStart(6, "0").slice(-6), colour)}`,
  );

function inColour(hex: string, colour: Colour): string {
  const [blue = 0, green = 0, red = 0] = Buffer.from(hex, "hex");
  return Buffer.from(drawnColour([red, green, blue], colour).toReversed())
    .toString("hex")
    .toUpperCase();
}

/** To a hundredth of a second, as scripts have it. */
function timeOf(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const two = (number: number) => String(Math.floor(number)).padStart(2, "0");
  return `${Math.floor(hundredths / 360_000)}:${two((hundredths / 6_000) % 60)}:${two((hundredths / 100) % 60)}.${two(hundredths % 100)}`;
}
