import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tracksOf } from "#worker/manifests/tracks.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { outputGuard, runsOf } from "#worker/verify/decode.ts";
import type { Pictures } from "./score-frames.ts";

/** A rendition with pictures as it lies in the output directory. */
export type Encoded = {
  /** What a player opens for it: a media playlist, a file, or `<manifest>#<representation>`. */
  path: string;
  pictures: Pictures;
};

/** The renditions of an output that have pictures, in its order: those of the plan's reference. */
export function encodedRenditions({ outputDir, outputType, entry, segments }: Plan): Encoded[] {
  if (outputType === "single") return [{ path: entry, pictures: picturesIn([["-i", `file:${entry}`]]) }];
  const count = segments?.tracks.filter(({ kind }) => kind === "video").length ?? 0;
  const tracks = tracksOf(entry, (name) => readFileSync(join(outputDir, name), "utf8"));
  return tracks.slice(0, count).map((track) => ({
    path: entry.endsWith(".mpd") ? `${entry}#${track.name.replace(/^representation /, "")}` : track.name,
    pictures: picturesIn(runsOf(track).map(({ input }) => input)),
  }));
}

const picturesIn = (inputs: readonly (readonly string[])[]): Pictures => ({
  inputs: inputs.map((input) => [...outputGuard, ...input]),
  stream: "v:0",
  filters: [],
});
