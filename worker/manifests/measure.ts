import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filesIn } from "#worker/delivery/segment-uploads.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { SegmentContents, SegmentInspector } from "#worker/verify/segment-inspector.ts";
import { iframePlaylist, iframesName, variantsIn, withIframes } from "./iframes.ts";
import { withMeasuredRepresentations, withMeasuredVariants } from "./measured-text.ts";
import { type Known, measureTrack } from "./measured-track.ts";
import { type Track, tracksOf } from "./tracks.ts";

type Finished = {
  /** The sizes, in bytes, of media that may be gone from the output directory. */
  delivered?: ReadonlyMap<string, number>;
  /** Has inspected the media that are gone. */
  inspector: SegmentInspector;
};

/**
 * Puts what the media really are and need into the entries of a finished output: what is written before the encode is the
 * most that it may need, and would keep viewers off renditions that their line can carry. Where the output is ours, HLS also
 * gets playlists of keyframes.
 */
export async function measureEntries(
  { entries, outputDir, segments }: Pick<Plan, "entries" | "outputDir" | "segments">,
  { delivered = new Map(), inspector }: Finished,
): Promise<void> {
  const { texts, heads, sizes } = await read(outputDir);
  for (const name of sizes.keys()) await inspector.inspect(join(outputDir, name));
  const known = {
    sizeOf: (name: string) => delivered.get(name) ?? sizes.get(name),
    headOf: (name: string) => heads.get(name),
    contentsOf: (name: string) => inspector.contents.get(name),
  };
  const endOf = (name: string) => firstPictureEnd(inspector.contents.get(name)) ?? known.sizeOf(name);
  for (const entry of entries) {
    const text = texts.get(entry);
    if (text === undefined) continue;
    const tracks = tracksOf(entry, (name) => texts.get(name));
    const iframes = mayHaveIframes(segments) ? iframesOf(variantsIn(text), tracks, endOf) : none;
    for (const [name, playlist] of iframes) await writeFile(join(outputDir, iframesName(name)), playlist);
    const measured = withMeasured(entry, text, tracks, known);
    const whole = iframes.size > 0 ? withIframes(measured, iframes) : measured;
    if (whole !== text) await writeFile(join(outputDir, entry), whole);
  }
}

const none: ReadonlyMap<string, string> = new Map();

/**
 * A user's own arguments may make anything. And where the only sound is in the segments of the picture, keyframes alone have
 * none: Shaka Player, which plays fast by them, ends with an error.
 */
const mayHaveIframes = (segments: Plan["segments"]) =>
  segments !== undefined && !(segments.isMuxed && segments.tracks.filter(({ kind }) => kind === "audio").length === 1);

/** The playlists of keyframes of these variants that can have some, each by the variant's own. */
function iframesOf(variants: readonly string[], tracks: readonly Track[], endOf: (name: string) => number | undefined) {
  const texts = new Map<string, string>();
  for (const track of tracks.filter(({ name }) => variants.includes(name))) {
    const text = iframePlaylist(track, endOf);
    if (text !== undefined) texts.set(track.name, text);
  }
  return texts;
}

/** Where the first picture of a segment ends, in bytes; undefined where nothing comes after it. */
const firstPictureEnd = (contents: SegmentContents) =>
  // MP4 does not say in its segments what is in them: those of a variant begin with its picture.
  (contents?.find(({ kind }) => kind === "video") ?? contents?.find(({ kind }) => kind === undefined))?.firstEnd;

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
