import type { Probe } from "#worker/ffmpeg/media.ts";
import type { ExpectedFile } from "#worker/plan/plan.ts";

/** What is wrong with the video of a file that must have this one. */
export function videoProblem(expected: NonNullable<ExpectedFile["video"]>, { video }: Probe): string | undefined {
  if (!video) return "it has no video";
  if (video.codec !== expected.codec) return `its video is ${video.codec}, not ${expected.codec}`;
  const shortSide = Math.min(video.width, video.height);
  return shortSide > expected.size ? `its short side is ${shortSide} pixels, more than ${expected.size}` : undefined;
}

export function audioProblem({ codec }: NonNullable<ExpectedFile["audio"]>, { audio: [audio] }: Probe) {
  if (!audio) return "it has no audio, but the source has";
  return audio.codec === codec ? undefined : `its audio is ${audio.codec}, not ${codec}`;
}

/** What is wrong with something that must be `planned` seconds long. */
export function lengthProblem(what: string, planned: number, actual: number): string | undefined {
  if (Math.abs(actual - planned) <= Math.max(1, planned * 0.01)) return undefined;
  const reason = actual < planned ? "the source may be cut off or damaged" : "the source's timestamps may be damaged";
  return `${what} is ${actual.toFixed(1)} s long but the source says ${planned.toFixed(1)} s: ${reason}`;
}
