import { Fault } from "#shared/fault.ts";
import { inputGuard } from "#worker/ffmpeg/guard.ts";
import type { AudioStream, Probe, VideoStream } from "#worker/ffmpeg/media.ts";

/** A filter holds every frame that fills a gap, so that a gap of hours would take all memory: one of over ten minutes is closed. */
const gapLimit = ["-dts_error_threshold", "600"];

/** What every plan begins with. The input is opened once, or once for each list of `options`. */
export const readInput = (input: string, ...options: readonly (readonly string[])[]) => [
  ...["-hide_banner", "-nostdin", "-y", "-v", "warning"],
  ...gapLimit,
  ...(options.length > 0 ? options : [[]]).flatMap((one) => [...inputGuard, ...one, "-i", input]),
];

/** No streams and no words but those that are mapped and set. */
export const nothingElse = ["-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"];

/** Ends an output that runs far past what the source says, as timestamps that jump by hours make it do. */
export const capLength = ({ durationSeconds }: Probe) =>
  durationSeconds === undefined ? [] : ["-t", (durationSeconds * 1.05 + 5).toFixed(3)];

/** How long an output of these streams must be, and nothing else of the source; undefined when nobody knows. */
export function secondsOf({ durationSeconds }: Probe, ...streams: readonly (VideoStream | AudioStream)[]) {
  if (durationSeconds === undefined) return undefined;
  return Math.max(...streams.map(({ endSeconds = durationSeconds }) => endSeconds));
}

/** The field of something that takes part in a comparison only if it is known. */
export const ifKnown = (seconds: number | undefined) => (seconds === undefined ? {} : { seconds });

export function videoOf({ video }: Probe, preset: { name: string }) {
  if (video) return video;
  throw new Fault("source_failed", `the source has no video, and preset ${preset.name} needs one`);
}

export function audioOf({ audio: [audio] }: Probe, preset: { name: string }) {
  if (audio) return audio;
  throw new Fault("source_failed", `the source has no audio, and preset ${preset.name} needs some`);
}
