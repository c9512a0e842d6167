import type { JobRequest } from "#proto/worker/v1/worker_pb.js";
import { invalidField } from "#shared/fault.ts";
import { type Clip, clipFromMessage, clipProblem } from "#shared/job/clip.ts";
import type { Preset } from "#worker/presets/schema.ts";

/** The part of the source that an order asks for; undefined where it is all of it. */
export const wantedClip = ({ clip }: Pick<JobRequest, "clip">): { clip?: { start: number; end?: number } } =>
  clip ? { clip: clipFromMessage(clip) } : {};

/** Throws when a clip is none, or when the preset could not take it exactly. */
export function checkClip({ clip }: { clip?: Clip | undefined }, preset: Preset | undefined): void {
  if (!clip) return;
  const problem = clipProblem(clip);
  if (problem) throw invalidField(problem.field, problem.message);
  if (preset && "ffmpeg_args" in preset) {
    const why = `cannot be taken to the picture by preset ${preset.name}, which has arguments of its own`;
    throw invalidField("clip", `${why}: use a preset with settings, or leave it out`);
  }
}
