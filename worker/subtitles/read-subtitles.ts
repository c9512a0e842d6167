import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import type { Order } from "#shared/job/order.ts";
import type { SubtitleOrder } from "#shared/job/subtitles.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Spawning } from "#worker/ffmpeg/run.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { modeOf } from "./asked-subtitles.ts";
import type { SubtitleFile } from "./fetch-subtitles.ts";
import type { FetchedSubtitle } from "./fetched-subtitle.ts";
import { findTrack } from "./find-track.ts";
import { readTexts } from "./read-texts.ts";
import { checkDensity, cuesOf } from "./segments.ts";
import { srtOf } from "./srt.ts";

type Given = {
  preset: Preset;
  /** The source, or the clip of it. */
  probe: Probe;
  /** The path of the source. */
  input: string;
  /** Where what is made of them lies. */
  dir: string;
  files: readonly SubtitleFile[];
};

type ReadSubtitles = {
  /** Nothing where the order has none. */
  shown: { subtitles?: readonly FetchedSubtitle[] };
  warnings: readonly string[];
};

/**
 * Finds the subtitles that an order has in its source and among its files, and makes one text of each that is not drawn: what
 * is shown in the film, counted from its beginning.
 */
export async function readSubtitles(
  { subtitles: asked = [] }: Pick<Order, "subtitles">,
  { preset, probe, input, dir, files }: Given,
  spawning: Spawning,
): Promise<ReadSubtitles> {
  if (asked.length === 0) return { shown: {}, warnings: [] };
  const found = asked.map((one, at) => ({ at, one, mode: modeOf(one, preset), ...whereOf(one, at, files, probe) }));
  const shown = found.filter(({ mode }) => mode !== "burn");
  if (shown.length > 0 && probe.durationSeconds === undefined)
    throw new Fault("source_failed", "how long the source is, is unknown: it can have no subtitles beside its picture");
  const texts = await readTexts(shown, { probe, input, dir }, spawning);
  const warnings = files.flatMap(({ at, guessed }) =>
    guessed === undefined ? [] : `subtitles.${at} are not in UTF-8: they were read as ${guessed}`,
  );
  const seconds = probe.durationSeconds ?? 0;
  for (const [at, text] of texts) {
    checkDensity(text, seconds, `subtitles.${at}`);
    if (cuesOf(text).length === 0)
      warnings.push(`subtitles.${at} are left out: all of their texts lie outside the film`);
  }
  const isEmpty = (at: number) => texts.has(at) && cuesOf(texts.get(at) ?? "").length === 0;
  const subtitles = found
    .filter(({ at }) => !isEmpty(at))
    .map(async ({ at, one, mode, from, said }): Promise<FetchedSubtitle> => {
      const text = texts.get(at);
      const where = text === undefined ? from : await written(text, { dir, at, preset });
      const shown = { mode, isForced: one.forced ?? said.isForced, isDefault: one.default ?? false };
      return { ...where, ...said, ...namesIn(one), ...shown };
    });
  return { shown: { subtitles: await Promise.all(subtitles) }, warnings };
}

const namesIn = ({ language, name }: SubtitleOrder) => ({
  ...(language !== undefined && { language }),
  ...(name !== undefined && { name }),
});

/** Where subtitles are, and what the source says of them. */
function whereOf(one: SubtitleOrder, at: number, files: readonly SubtitleFile[], probe: Probe) {
  const file = files.find((each) => each.at === at);
  if (file) return { from: { path: file.path, codec: file.codec }, said: { isForced: false } };
  const stream = findTrack(one, probe, `subtitles.${at}.track`);
  const { index, codec, language, title, disposition } = stream;
  return {
    from: { stream: index, codec },
    said: {
      ...(language !== undefined && { language }),
      ...(title !== undefined && { name: title }),
      isForced: disposition.isForced,
    },
    stream,
  };
}

/** A file of the text as the container of a single output takes it. */
async function written(text: string, { dir, at, preset }: { dir: string; at: number; preset: Preset }) {
  const codec = preset.extension === "mp4" ? "subrip" : "webvtt";
  const path = join(dir, `shown_${at}.${codec === "subrip" ? "srt" : "vtt"}`);
  await writeFile(path, codec === "subrip" ? srtOf(text) : text);
  return { path, codec, text } as const;
}
