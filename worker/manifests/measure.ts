import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filesIn } from "#worker/delivery/segment-uploads.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { withMeasuredRepresentations, withMeasuredVariants } from "./measured-text.ts";
import { type Known, measureTrack } from "./measured-track.ts";
import { type Track, tracksOf } from "./tracks.ts";

/**
 * Puts what the media really are and need into the entries of a finished output: what is written before the encode is the
 * most that it may need, and would keep viewers off renditions that their line can carry. `delivered` has the sizes, in
 * bytes, of media that may be gone from the output directory.
 */
export async function measureEntries(
  { entries, outputDir }: Pick<Plan, "entries" | "outputDir">,
  delivered: ReadonlyMap<string, number>,
): Promise<void> {
  const { texts, heads, sizes } = await read(outputDir);
  const known = {
    sizeOf: (name: string) => delivered.get(name) ?? sizes.get(name),
    headOf: (name: string) => heads.get(name),
  };
  for (const entry of entries) {
    const text = texts.get(entry);
    if (text === undefined) continue;
    const tracks = tracksOf(entry, (name) => texts.get(name));
    const measured = withMeasured(entry, text, tracks, known);
    if (measured !== text) await writeFile(join(outputDir, entry), measured);
  }
}

/** The text of an entry that names these tracks, with what is measured of them. */
export function withMeasured(entry: string, text: string, tracks: readonly Track[], known: Known): string {
  const measured = new Map(tracks.map((track) => [track.name, measureTrack(track, known)]));
  const change = entry.endsWith(".mpd") ? withMeasuredRepresentations : withMeasuredVariants;
  return change(text, (name) => measured.get(name) ?? {});
}

// What tracks begin with is some hundred bytes long.
const mostOfHead = 2 ** 16;

async function read(dir: string) {
  const texts = new Map<string, string>();
  const heads = new Map<string, Uint8Array>();
  const sizes = new Map<string, number>();
  for (const name of await filesIn(dir)) {
    const path = join(dir, name);
    const { size } = await stat(path);
    sizes.set(name, size);
    if (/\.(m3u8|mpd)$/.test(name)) texts.set(name, await readFile(path, "utf8"));
    else if (size <= mostOfHead && /\.(mp4|m4s)$/.test(name)) heads.set(name, await readFile(path));
  }
  return { texts, heads, sizes };
}
