import { Fault } from "#shared/fault.ts";
import { inputAllowlist } from "#worker/ffmpeg/input-allowlist.ts";
import type { JoinedPart, Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream, VideoStream } from "#worker/ffmpeg/streams.ts";
import { undecodable } from "#worker/ffmpeg/survey.ts";
import { clipClock } from "./clip.ts";
import { readsSound } from "./joined-clock.ts";
import { pictureOptions } from "./picture.ts";

/** Where nothing comes for longer than this, timestamps are damaged: filling it would take all memory and time. */
const longestGapSeconds = 3_600;

/**
 * What every plan begins with. The input is opened once, or once for each list of `options`. ffmpeg closes a gap in each
 * stream by itself, which is right only where all streams have it.
 */
export const readInput = (input: string, probe: Probe, ...options: readonly (readonly string[])[]) => [
  ...beforeInputs(probe),
  ...(probe.joined
    ? probe.joined.parts.flatMap((part) => readPictures(part.input, part.probe, partOptions(part)))
    : (options.length > 0 ? options : [[]]).flatMap((one) => readPictures(input, probe, one))),
];

/** What comes before the inputs of any plan. */
export const beforeInputs = ({ longestGap = 0 }: Probe) => [
  ...["-hide_banner", "-nostdin", "-y", "-v", "level+verbose"],
  ...["-dts_error_threshold", longestGap > longestGapSeconds ? String(longestGapSeconds) : "1000000"],
];

const readPictures = (
  input: string,
  { video, inputOptions = [], apart, clip }: Probe,
  options: readonly string[],
): string[] => [
  ...[...inputAllowlist, ...inputOptions, ...pictureOptions(video)],
  ...clipClock({ clip }, options, video && apart?.get(video.index)),
  ...[...options, "-i", input],
];

// A sound that is only read beside the pictures of a part may change its channels, which would begin all filters anew.
const partOptions = (part: JoinedPart) => (readsSound(part) ? ["-reinit_filter:a", "0"] : []);

/** The source once more, for this sound alone: see `Probe.apart`. */
export const inputOf = (input: string, { inputOptions = [], apart, clip }: Probe, { index }: AudioStream) => [
  ...[...inputAllowlist, ...inputOptions, ...clipClock({ clip }, [], apart?.get(index)), "-i", input],
];

/** No streams and no words but those that are mapped and set. */
export const nothingElse = ["-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"];

/** Ends an output that runs far past its source, as timestamps that jump by hours make it do. */
export const capLength = ({ durationSeconds }: Probe) =>
  durationSeconds === undefined ? [] : ["-t", (durationSeconds * 1.05 + 5).toFixed(3)];

// What a muxer waits for by itself.
const shortPauseSeconds = 5;

/**
 * Makes a muxer wait for a stream that begins late or pauses, and for one that ends before the others, whose last picture
 * stands or whose sound is filled up with silence, so that each of its segments gets what belongs to it. The encoded packets
 * of the others wait in memory meanwhile.
 */
export function interleaving(...streams: readonly (VideoStream | AudioStream)[]): string[] {
  const known = streams.flatMap(({ packets }) => packets ?? []);
  const end = Math.max(0, ...known.map(({ endSeconds }) => endSeconds));
  const longest = Math.max(
    0,
    ...known.flatMap(({ startSeconds, longestInterval, lastSeconds }) => [
      startSeconds,
      longestInterval,
      end - lastSeconds,
    ]),
  );
  return longest > shortPauseSeconds ? ["-max_interleave_delta", `${Math.ceil(longest + 60) * 1_000_000}`] : [];
}

/** How long an output of these streams must be, and nothing else of the source; undefined when nobody knows. */
export function secondsOf({ durationSeconds }: Probe, ...streams: readonly (VideoStream | AudioStream)[]) {
  if (durationSeconds === undefined) return undefined;
  return Math.max(...streams.map(({ endSeconds = durationSeconds }) => endSeconds));
}

// Sound comes in frames of its own, and its last one goes on a little after the last picture.
const sameEndSeconds = 0.1;

/**
 * When the picture of an output ends that has these sounds: where they go on, the last picture stands. Undefined when
 * nobody knows.
 */
export function pictureEnd(probe: Probe, video: VideoStream, sounds: readonly AudioStream[]): number | undefined {
  const own = secondsOf(probe, video);
  const all = secondsOf(probe, video, ...sounds);
  return own !== undefined && all !== undefined && all - own <= sameEndSeconds ? own : all;
}

/** The field of something that takes part in a comparison only if it is known. */
export const ifKnown = (seconds: number | undefined) => (seconds === undefined ? {} : { seconds });

/** What is encoded of a source, for who is told what it lacks. */
const taken = ({ clip }: Probe) => (clip ? "the clip" : "the source");

export function videoOf(probe: Probe, preset: { name: string }) {
  const { video } = probe;
  if (!video) throw new Fault("source_failed", `${taken(probe)} has no video, and preset ${preset.name} needs one`);
  if (video.codec === "unknown") throw undecodable("video", video.codecTag ?? "an unknown codec");
  // Its pictures are coded in a colour space that only Dolby's own decoders know: everything else shows green and purple.
  if (video.needsDolbyVision) {
    throw new Fault(
      "source_failed",
      `the source is Dolby Vision profile ${video.dolbyVision}, which has no picture that can be shown without it: export it as HDR10, HLG, SDR or Dolby Vision profile 8`,
    );
  }
  return video;
}

export function audioOf(probe: Probe, preset: { name: string }) {
  const [audio] = probe.audio;
  if (audio) return audio;
  const silent = probe.joined ? "none of the sources has audio" : `${taken(probe)} has no audio`;
  throw new Fault("source_failed", `${silent}, and preset ${preset.name} needs some`);
}
