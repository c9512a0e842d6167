import { hasTimes, type Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream, VideoStream } from "#worker/ffmpeg/streams.ts";
import type { VideoSettings } from "#worker/presets/fields.ts";
import { pictureEnd } from "./input.ts";
import { constantRate, fraction, perSecond, type Rate, secondsOfFrames } from "./rate.ts";

/** When the pictures of an output come: at one rate from zero on, however unevenly the source has them. */
export type Timing = {
  /** Frames a second. */
  rate: Rate;
  /** How many there are; undefined when nobody knows how long the source is. */
  frames: number | undefined;
  /** How long they last, and with them all sound. */
  seconds: number | undefined;
  /** When the first picture is shown, where its own timestamp is wrong. */
  firstSeconds?: number | undefined;
};

/** The pictures of an output that has these sounds. */
export function timingOf(
  probe: Probe,
  video: VideoStream,
  sounds: readonly AudioStream[],
  { frame_rate }: Pick<VideoSettings, "frame_rate">,
): Timing {
  const rate = constantRate(video, frame_rate);
  const end = pictureEnd(probe, video, sounds);
  // Of a clip that is seen to before.
  const isRight = hasTimes(probe) || video.clip !== undefined;
  const given = { rate, firstSeconds: isRight ? undefined : video.packets?.startSeconds };
  if (end === undefined) return { ...given, frames: undefined, seconds: undefined };
  const frames = Math.max(1, Math.round(end * perSecond(rate)));
  return { ...given, frames, seconds: secondsOfFrames(frames, rate) };
}

/** The filter that brings pictures to their rate has a name: what it says is held against the source. */
const steadyFilter = "fps@steady";

/** The first picture stands before it begins, one before a pause until the next, and the last one until the last sound ends. */
export function steadyFrames(timing: Timing): string[] {
  const steady = steadyRate(timing);
  return timing.frames === undefined ? steady : [...steady, ...ending(timing.frames)];
}

/** The first of these, without an end. */
export const steadyRate = (
  { rate, firstSeconds }: Pick<Timing, "rate" | "firstSeconds">,
  filter = steadyFilter,
): string[] => [
  ...(firstSeconds === undefined ? [] : [`setpts=PTS-STARTPTS+${firstSeconds.toFixed(6)}/TB`]),
  `${filter}=${fraction(rate)}:start_time=0`,
];

/** The same pictures from one number to before another, whatever of the source is read before. */
export const steadyFramesFrom = (rate: Rate, from: number, to: number): string[] => [
  `${steadyFilter}=${fraction(rate)}:start_time=${secondsOfFrames(from, rate).toFixed(6)}`,
  ...ending(to - from),
];

/** So many frames: the last one stands where there are fewer. */
export const ending = (frames: number) => ["tpad=stop=-1:stop_mode=clone", `trim=end_frame=${frames}`];
