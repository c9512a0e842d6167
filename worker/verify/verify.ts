import { Fault } from "#shared/fault.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { ExpectedFile, Plan } from "#worker/plan/plan.ts";

/** A file that ffmpeg left; `probe` is missing when it is not media. */
export type OutputFile = { name: string; bytes: number; probe: Probe | undefined };

/** Holds what an encode left against its plan, because ffmpeg reports success for much that is none. */
export function verify(plan: Plan, files: readonly OutputFile[]): void {
  for (const expected of plan.files) {
    const problem = problemOf(
      expected,
      plan,
      files.find(({ name }) => name === expected.name),
    );
    if (problem) throw new Fault("encode_failed", `${expected.name}: ${problem}`);
  }
}

function problemOf(expected: ExpectedFile, plan: Plan, file: OutputFile | undefined): string | undefined {
  if (!file) return "ffmpeg did not write it";
  if (file.bytes === 0) return "it is empty";
  if (!file.probe) return "it cannot be read as media";
  return streamProblem(expected, file.probe) ?? durationProblem(plan, file.probe);
}

function streamProblem({ video, audio }: ExpectedFile, found: Probe): string | undefined {
  return (video && videoProblem(video, found)) ?? (audio && audioProblem(audio, found));
}

function videoProblem({ codec, size }: NonNullable<ExpectedFile["video"]>, { video }: Probe): string | undefined {
  if (!video) return "it has no video";
  if (video.codec !== codec) return `its video is ${video.codec}, not ${codec}`;
  const shortSide = Math.min(video.width, video.height);
  return shortSide > size ? `its short side is ${shortSide} pixels, more than ${size}` : undefined;
}

function audioProblem({ codec }: NonNullable<ExpectedFile["audio"]>, { audio: [audio] }: Probe): string | undefined {
  if (!audio) return "it has no audio, but the source has";
  return audio.codec === codec ? undefined : `its audio is ${audio.codec}, not ${codec}`;
}

function durationProblem({ durationSeconds: planned }: Plan, { durationSeconds: actual }: Probe): string | undefined {
  if (planned === undefined) return undefined;
  if (actual === undefined) return "it does not say how long it is";
  if (Math.abs(actual - planned) <= Math.max(1, planned * 0.01)) return undefined;
  const reason = actual < planned ? "the source may be cut off or damaged" : "the source's timestamps may be damaged";
  return `the output is ${actual.toFixed(1)} s long but the source says ${planned.toFixed(1)} s: ${reason}`;
}
