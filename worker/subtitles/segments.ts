import { Fault } from "#shared/fault.ts";
import { timestamp } from "./webvtt.ts";

/** One part of a WebVTT file: when it begins and ends, in seconds. */
export type Span = { start: number; end: number };

/**
 * Divides a WebVTT file into one for each span, as HLS wants it (RFC 8216, 3.5). A cue that crosses a border is in both
 * files, unchanged, and players show it once. `mpegTs` is where the film's zero lies on the clock of the media, in ticks of
 * 1/90000 s.
 */
export function webvttSegments(text: string, spans: readonly Span[], mpegTs: number): string[] {
  const { head, cues } = blocksOf(text);
  const begin = ["WEBVTT", `X-TIMESTAMP-MAP=MPEGTS:${mpegTs},LOCAL:00:00:00.000`].join("\n");
  return spans.map(({ start, end }, at) => {
    const isLast = at === spans.length - 1;
    const within = cues.filter((cue) => cue.start < (isLast ? Number.POSITIVE_INFINITY : end) && cue.end > start);
    return `${[begin, ...head, ...within.map((cue) => cue.text)].join("\n\n")}\n`;
  });
}

/** The same WebVTT with what is shown in a part of it, counted from its beginning. */
export function webvttPart(text: string, part: Span): string {
  const { head, cues } = blocksOf(text);
  const [from, to] = [milliseconds(part.start), milliseconds(part.end)];
  const within = cues.filter(({ start, end }) => milliseconds(start) < to && milliseconds(end) > from);
  const moved = (time: string) => timestamp(Math.min(Math.max(milliseconds(secondsOf(time)), from), to) - from);
  const blocks = within.map((cue) => cue.text.replace(timing, (line) => line.replaceAll(moment, moved)));
  const marked = blocks.map((block) => block.replaceAll(mark, (_, time: string) => `<${moved(time)}>`));
  return `${["WEBVTT", ...head, ...marked].join("\n\n")}\n`;
}

/** The cues of a WebVTT in their order: when they are shown, in seconds, and the lines of their texts as they are written. */
export const cuesOf = (text: string): (Span & { lines: readonly string[] })[] =>
  blocksOf(text).cues.map(({ text, ...span }) => {
    const lines = text.split("\n");
    return { ...span, lines: lines.slice(lines.findIndex((line) => timing.test(line)) + 1) };
  });

/** So much text is shown at a time on average at most, in characters: far more than any screen has room for. */
const mostAtOnce = 65_536;

/** Throws for a text of which so much is shown at a time that its segments, each of which repeats it, would fill the disk. */
export function checkDensity(text: string, seconds: number, field: string) {
  const shown = blocksOf(text).cues.reduce((sum, { start, end, text }) => sum + (end - start) * text.length, 0);
  if (shown > mostAtOnce * seconds)
    throw new Fault("source_failed", `${field} show more than ${mostAtOnce} characters at a time`);
}

type Cue = Span & { text: string };

const moment = /(?:\d+:)?\d\d:\d\d\.\d{3}/g;
/** What is sung or said from a moment on within a cue. */
const mark = /<((?:\d+:)?\d\d:\d\d\.\d{3})>/g;

const timing = /^((?:\d+:)?\d\d:\d\d\.\d{3})[ \t]+-->[ \t]+((?:\d+:)?\d\d:\d\d\.\d{3})/m;

/** Its cues as they are written, and what is said for all of them; comments are left out. */
function blocksOf(text: string): { head: string[]; cues: Cue[] } {
  const [, ...blocks] = text
    .replaceAll(/\r\n?/g, "\n")
    .split(/\n{2,}/)
    .map((block) => block.replace(/^\n+|\n+$/g, ""));
  const cues = blocks.flatMap((block): Cue[] => {
    const [, start = "", end = ""] = timing.exec(block) ?? [];
    return start === "" ? [] : [{ start: secondsOf(start), end: secondsOf(end), text: block }];
  });
  return { head: blocks.filter((block) => /^(STYLE|REGION)\s*(\n|$)/.test(block)), cues };
}

/** Times are rounded alike, so that no cue is left of which nothing is shown. */
const milliseconds = (seconds: number) => Math.round(seconds * 1_000);

const secondsOf = (time: string) => time.split(":").reduce((total, part) => total * 60 + Number(part), 0);
