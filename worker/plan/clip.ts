import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream, VideoStream } from "#worker/ffmpeg/streams.ts";

/** Makes ffmpeg read a source from this moment of its clip on (`-ss`); without a clip, of the source itself. */
export const seekTo = ({ clip }: Pick<Probe, "clip">, seconds: number): string[] => [
  "-ss",
  ((clip?.start ?? 0) + seconds).toFixed(6),
];

/** Makes ffmpeg read from where the first picture and sound of a clip are whole. */
export const seekClip = ({ clip }: Pick<Probe, "clip">): string[] =>
  clip?.seekSeconds ? ["-noaccurate_seek", "-ss", clip.seekSeconds.toFixed(6)] : [];

/**
 * Options of an input that has these others, by which ffmpeg counts from the beginning of a clip: what is before has times
 * below zero, and filters leave it out. `offset` is by how much the source must be moved in any case.
 */
export function clipClock({ clip }: Pick<Probe, "clip">, others: readonly string[], offset?: number): string[] {
  // Before 7 ffmpeg takes a clock that begins far below zero for one that starts again, where clocks do so: see `ahead`.
  if (clip?.seekSeconds === undefined) return offset === undefined ? [] : movedBy(offset);
  if (others.includes("-copyts")) return movedBy(-clip.start);
  // Who looks for a moment counts from there.
  if (others.includes("-ss")) return [];
  return [...seekClip({ clip }), ...movedBy((offset ?? 0) + clip.seekSeconds - clip.start)];
}

const movedBy = (seconds: number) => ["-itsoffset", seconds.toFixed(6)];

/** Leaves the pictures of a clip, behind the decoder; the first one begins at zero, which may stand since before. */
export function clipPictures({ clip }: VideoStream): string[] {
  if (!clip) return [];
  const { from, to, ahead, firstSeconds, isStill } = clip;
  const clock =
    firstSeconds === undefined ? ahead && `PTS-${ahead.toFixed(6)}/TB` : `PTS-STARTPTS+(${firstSeconds.toFixed(6)})/TB`;
  return [
    ...(clock ? [`setpts=${clock}`] : []),
    `trim=start=${from.toFixed(6)}:end=${to.toFixed(6)}`,
    ...(from < 0 ? [isStill ? stillPicture(to) : "setpts=max(PTS\\,0)"] : []),
  ];
}

/** Of less than this a film at the lowest rate would have no picture. */
const shortestSeconds = 0.1;

/**
 * The one picture begins at zero, and its stream ends with the clip: filters ask for the time of that end too, and it
 * would be that at which the picture ends by itself, before the clip begins.
 */
const stillPicture = (to: number) => `setpts=if(N\\,${Math.max(to, shortestSeconds).toFixed(6)}/TB\\,max(PTS\\,0))`;

/** Leaves the sound of a clip, behind the decoder. */
export function clipSound({ clip }: AudioStream): string[] {
  if (!clip) return [];
  const { from, to, ahead } = clip;
  const moved = ahead ? [`asetpts=PTS-${ahead.toFixed(6)}/TB`] : [];
  return [...moved, `atrim=start=${from.toFixed(6)}:end=${to.toFixed(6)}`];
}
