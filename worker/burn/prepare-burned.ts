import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Spawning } from "#worker/ffmpeg/run.ts";
import { textFrame } from "#worker/plan/text-frame.ts";
import type { Preset } from "#worker/presets/schema.ts";
import type { FetchedSubtitle } from "#worker/subtitles/fetched-subtitle.ts";
import { scriptFor, textLines } from "./burned-script.ts";
import type { BurnedText } from "./burned-text.ts";
import { checkLetters, lettersScript } from "./check-letters.ts";
import { readText } from "./read-text.ts";

type Given = {
  preset: Preset;
  /** What is known of the source. */
  probe: Probe;
  /** The path of the source. */
  input: string;
  /** The field of the order that asks for it. */
  field: string;
  /** Where scripts are written, which the encode may read. */
  folder: string;
};

/**
 * Makes scripts of the subtitles that are to be drawn into the film, and tries whether this worker can draw them. Nothing
 * where there are none, or nothing of them is shown in the film.
 */
export async function prepareBurned(
  subtitles: readonly FetchedSubtitle[],
  { preset, probe, input, field, folder }: Given,
  spawning: Spawning,
): Promise<{ drawn: { burned?: BurnedText }; warnings: string[] }> {
  const subtitle = subtitles.find(({ mode }) => mode === "burn");
  const frame = subtitle && textFrame(preset, probe);
  if (!frame) return { drawn: {}, warnings: [] };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { written, part } = await readText(subtitle, { input, probe, folder, field }, spawning);
  const { size, colours } = frame;
  const { script, spans, letters } = textLines({ ...{ written, part, size }, ...subtitle });
  if (script.lines.length === 0) return { drawn: {}, warnings: [`${field}: nothing of it is shown in the film`] };
  const write = async (name: string, text: string) => {
    const path = join(folder, name);
    await Bun.write(path, text);
    return path;
  };
  const tried = await write("letters.ass", lettersScript(letters));
  const warnings = await checkLetters({ script: tried, letters, field }, spawning);
  const scripts = {
    film: await write("film.ass", scriptFor(script, colours.film)),
    hdr: await write("hdr.ass", scriptFor(script, colours.hdr)),
  };
  return { drawn: { burned: { scripts, size, moments: momentsOf(spans) } }, warnings };
}

/** What is shown for less may lie between two pictures. */
const leastSeconds = 0.3;

/** The middle of an early text and of a late one, of those that are shown for long enough. */
function momentsOf(spans: readonly { start: number; end: number }[]): number[] {
  const long = spans.filter(({ start, end }) => end - start >= leastSeconds);
  const found = [long[Math.floor(long.length / 4)], long[Math.floor((long.length * 3) / 4)]];
  const moments = found.flatMap((span) => (span ? [(span.start + span.end) / 2] : []));
  return [...new Set(moments)].toSorted((a, b) => a - b);
}
