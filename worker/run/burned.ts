import { join } from "node:path";
import { prepareBurned } from "#worker/burn/prepare-burned.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Spawning } from "#worker/ffmpeg/run.ts";
import type { Job } from "#worker/job/job.ts";
import type { Preset } from "#worker/presets/schema.ts";
import type { FetchedSubtitle } from "#worker/subtitles/fetched-subtitle.ts";

type Given = Spawning & { preset: Preset; probe: Probe; input: string };

/** The text of an order that is drawn into its film, in the job's folder of subtitles. */
export function burnedFor(
  { order, journal }: Pick<Job, "order" | "journal">,
  subtitles: readonly FetchedSubtitle[],
  { preset, probe, input, signal, spawn }: Given,
) {
  const at = (order.subtitles ?? []).findIndex(({ mode }) => mode === "burn");
  const folder = join(journal.subtitlesDir, "burned");
  return prepareBurned(subtitles, { preset, probe, input, field: `subtitles.${at}`, folder }, { signal, spawn });
}
