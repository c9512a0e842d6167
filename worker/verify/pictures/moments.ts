import { seekingIn } from "#worker/ffmpeg/seeking.ts";
import { type Asking, type Request, type SampledFrame, sampleFrames } from "./sample-frames.ts";
import { keyframeAt, type Opened, picturesAround, sameMoment } from "./source.ts";

/** A moment of a source, and what takes its pictures there. */
export type Moment = {
  /** In seconds, by the clock of the output. */
  seconds: number;
  request: Request;
  /** Whether a keyframe is looked for, instead of what decoding leads to. */
  isKeyframe: boolean;
};

const soughtAt = (seconds: number, opened: Opened): Moment => ({
  ...{ seconds, request: keyframeAt(seconds, opened), isKeyframe: true },
});

/** What a film is held against: a keyframe, which is found at once; a short clip may have none. */
export const filmAt = (seconds: number, opened: Opened): Moment =>
  opened.source.clip ? stillAt(seconds, opened) : soughtAt(seconds, opened);

/** What a still is made of: a keyframe, which is found at once, or what is decoded around its moment. */
export function stillAt(seconds: number, opened: Opened): Moment {
  const isKeyframe = opened.video.packets?.keyframes.some((one) => Math.abs(one - seconds) < sameMoment);
  const isFound = isKeyframe && seekingIn(opened.source.format) !== "none";
  return isFound ? soughtAt(seconds, opened) : { seconds, request: picturesAround(seconds, opened), isKeyframe: false };
}

/** Whether an output shows what its source shows at this moment. */
export const isInOutput = (seconds: number, { source, video }: Opened): boolean =>
  !source.clip || (seconds > -sameMoment && seconds < (video.clip?.to ?? Number.POSITIVE_INFINITY));

/** By an index a keyframe up to a seventh of a second later may be found, where they are as close as that. */
const nearSeconds = 0.2;

/**
 * The pictures at each moment. Behind a jump a decoder leaves out keyframes that pictures before them refer to (open
 * groups of pictures), and shows a later one: then it decodes up to the moment.
 */
export async function picturesAt(
  moments: readonly Moment[],
  found: readonly SampledFrame[][],
  opened: Opened,
  asking: Asking,
): Promise<SampledFrame[][]> {
  const sources: SampledFrame[][] = [];
  // One after the other: no more than one decoder of a large source is open at a time.
  for (const [at, moment] of moments.entries()) {
    const frames = found[at] ?? [];
    const isThere = !isDecoded(moment, opened) || frames.some(({ seconds }) => isNear(seconds, moment, opened));
    const decoded = isThere ? [frames] : await sampleFrames([picturesAround(moment.seconds, opened)], asking);
    sources.push(decoded?.[0] ?? []);
  }
  return sources;
}

/** Without an index the whole source before a moment would be decoded, and any other keyframe of it does as well. */
const isDecoded = ({ isKeyframe }: Moment, { source }: Opened) =>
  isKeyframe && (source.clip !== undefined || seekingIn(source.format) === "indexed");

const isNear = (seconds: number, moment: Moment, opened: Opened) =>
  Math.abs(seconds - moment.seconds) < nearSeconds && isInOutput(seconds, opened);
