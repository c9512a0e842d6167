import { parseScript, type Script } from "./script.ts";
import type { Span } from "./segments.ts";
import { type Dialect, type Shown, shownText } from "./text.ts";
import { type Cue, cueText, webvtt } from "./webvtt.ts";

/** Converts the ASS that ffmpeg has made of a track with this codec to WebVTT: what is shown in a part of it, or all. */
export function assToWebvtt(text: string, codec: string, part?: Span): string {
  const script = parseScript(text);
  const dialect = dialects[codec] ?? "ass";
  return webvtt(
    script.events.flatMap((event): Cue[] => {
      const shown = shownText(event, script, dialect);
      const text = cueText(shown.runs);
      const alignment = shown.alignment ?? script.styles.get(event.style)?.alignment ?? 2;
      const settings = settingsOf({ ...shown, alignment }, script, text.split("\n").length);
      const times = part ? timesIn(part, event) : event;
      return text === "" || !times ? [] : [{ start: times.start, end: times.end, settings, text }];
    }),
  );
}

/** When a cue is shown in a part that is told in seconds, in milliseconds from its beginning; undefined where it is not. */
function timesIn(part: Span, { start, end }: Pick<Cue, "start" | "end">): Pick<Cue, "start" | "end"> | undefined {
  const [from, to] = [Math.round(part.start * 1_000), Math.round(part.end * 1_000)];
  return start < to && end > from ? { start: Math.max(start, from) - from, end: Math.min(end, to) - from } : undefined;
}

const dialects: Readonly<Record<string, Dialect>> = {
  ...{ subrip: "marked", mov_text: "marked", eia_608: "marked" },
  text: "escaped",
};

/** The height of a line of a cue, in percent of the picture's height. */
const lineHeight = 6;

/**
 * The position of a cue. Its line is the top edge of its box, because players that do not know line alignment, such as
 * Chromium, place it there in any case.
 */
function settingsOf({ alignment, position }: Shown & { alignment: number }, { width, height }: Script, lines: number) {
  const across = (alignment - 1) % 3;
  const up = Math.floor((alignment - 1) / 3);
  const align = across === 1 ? [] : [`align:${across === 0 ? "left" : "right"}`];
  const room = lines * lineHeight;
  const topAt = (percent: number) => `line:${rounded(percent - (room * (2 - up)) / 2, Math.max(0, 100 - room))}%`;
  if (position) {
    return [topAt((position.y / height) * 100), `position:${rounded((position.x / width) * 100, 100)}%`, ...align];
  }
  return [...(up === 2 ? ["line:0"] : up === 1 ? [topAt(50)] : []), ...align];
}

const rounded = (percent: number, most: number) => Number(Math.min(most, Math.max(0, percent)).toFixed(2));
