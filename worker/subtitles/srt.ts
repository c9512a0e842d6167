import { cuesOf, type Span } from "./segments.ts";
import { timestamp } from "./webvtt.ts";

type Cue = Span & { lines: readonly string[] };

/**
 * SubRip of a WebVTT, as ffmpeg's decoder takes it for what is meant: bold, italic and underlined stay, and what would be
 * markup or a code there is kept apart by a character that is not seen.
 */
export const srtOf = (webvtt: string): string =>
  shownCues(webvtt)
    .map(({ start, end, lines }, at) =>
      [at + 1, `${time(start)} --> ${time(end)}`, ...lines.map(lineOf), ""].join("\n"),
    )
    .join("\n");

/**
 * What is shown from each moment on, for formats that show one text at a time: of those that are shown together, one text is
 * made as long as they are, the earlier one above.
 */
export function shownCues(webvtt: string): Cue[] {
  const cues = cuesOf(webvtt)
    .filter(({ start, end, lines }) => end > start && lines.some((line) => line.trim() !== ""))
    .toSorted((one, other) => one.start - other.start);
  const moments = [...new Set(cues.flatMap(({ start, end }) => [start, end]))].sort((one, other) => one - other);
  const shown: Cue[] = [];
  let open: Cue[] = [];
  let next = 0;
  for (const [at, start] of moments.entries()) {
    open = open.filter(({ end }) => end > start);
    for (let cue = cues[next]; cue && cue.start <= start; cue = cues[++next]) open.push(cue);
    const lines = [...new Set(open.flatMap((cue) => cue.lines))].slice(0, mostLines);
    if (lines.length > 0) shown.push({ start, end: moments[at + 1] ?? start, lines });
  }
  return shown;
}

/** More of them no picture has room for. */
const mostLines = 24;

const time = (seconds: number) => timestamp(Math.round(seconds * 1_000)).replace(".", ",");

const joiner = "\u2060";

const lineOf = (line: string) =>
  line
    .replace(/<(?!\/?[biu]>)[^>]*>/g, "")
    .split(/(<\/?[biu]>)/)
    .map((part, at) => (at % 2 === 1 ? part : shownText(part)))
    .join("");

const shownText = (text: string) =>
  text
    .replace(/&(amp|lt|gt|nbsp|lrm|rlm|quot|#39);/g, (_, name: string) => entities[name] ?? "")
    .replace(/[<\\]|\{(?=\\)/g, (one) => one + joiner);

const entities: Readonly<Record<string, string>> = {
  ...{ amp: "&", lt: "<", gt: ">", nbsp: "\u00a0", lrm: "\u200e", rlm: "\u200f", quot: '"', "#39": "'" },
};
