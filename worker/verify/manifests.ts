import { statedDuration, timelineEnd } from "#worker/manifests/dash.ts";
import { iframesIn } from "#worker/manifests/iframes.ts";
import { withMeasured } from "#worker/manifests/measure.ts";
import type { Known } from "#worker/manifests/measured-track.ts";
import { readMediaPlaylist } from "#worker/manifests/playlist.ts";
import type { Track } from "#worker/manifests/tracks.ts";
import type { FilesByName } from "./output-file.ts";

/** Players show nothing after what a DASH manifest says of its length, and wait for what is not there before it. */
export function manifestProblem(name: string, text: string): string | undefined {
  const end = timelineEnd(text);
  if (end === undefined || !/\btype="static"/.test(text)) return undefined;
  const stated = statedDuration(text);
  if (stated === undefined) return `${name}: it does not say how long it is`;
  if (Math.abs(stated - end) <= 0.01) return undefined;
  return `${name}: it says that it is ${stated.toFixed(3)} s long, and its segments end at ${end.toFixed(3)} s`;
}

/** Players choose a rendition by what its manifest says that it is and needs. */
export const measureProblem = (
  name: string,
  text: string,
  tracks: readonly Track[],
  known: Known,
): string | undefined =>
  withMeasured(name, text, tracks, known) === text
    ? undefined
    : `${name}: what it says of codecs and bandwidth is not what its media are and need`;

/** Players load each keyframe as a part of a segment. */
export function iframesProblem(text: string, files: FilesByName): string | undefined {
  for (const name of iframesIn(text)) {
    const { segments } = readMediaPlaylist(files.get(name)?.text ?? "");
    if (segments.length === 0) return `${name}: it names no keyframes`;
    const beyond = segments.find((one) => (one.bytes ?? Number.NaN) > (files.get(one.name)?.bytes ?? 0));
    if (beyond) return `${name}: it names more of ${beyond.name} than there is`;
  }
  return undefined;
}
