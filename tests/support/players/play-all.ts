import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { makeOutput } from "#tests/integration/ffmpeg/work.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import { type Playback, type Player, playToEnd } from "./play.ts";

const playersOf: Record<string, readonly Player[]> = { m3u8: ["hls", "shaka"], mpd: ["dash", "shaka"] };

/** Where outputs lie and how they are served; each under a name of its own. */
export type Stage = { browser: Browser; root: string; url: string };

/** Makes an output of a source and plays each of its entries to the end, in every player that knows its kind. */
export async function playAll(
  { browser, root, url }: Stage,
  input: string,
  preset: SegmentedPreset,
  name: string,
): Promise<(Playback & { of: string })[]> {
  const { dir, planned } = await makeOutput(input, preset);
  await rename(dir, join(root, name));
  const pairs = planned.entries.flatMap((entry) =>
    (playersOf[entry.split(".").at(-1) ?? ""] ?? []).map((player) => ({ player, entry })),
  );
  return Promise.all(
    pairs.map(async ({ player, entry }) => ({
      of: `${entry} in ${player}`,
      ...(await playToEnd(browser, url, player, `/${name}/${entry}`)),
    })),
  );
}
