import { join } from "node:path";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { RawPreset } from "#worker/presets/schema.ts";
import { capLength, readInput } from "./input.ts";
import type { Place, Plan } from "./plan.ts";

/** A user's own arguments between input and output. What they make is theirs to know, but it must be media. */
export function rawPlan(preset: RawPreset, probe: Probe, { input, outputDir }: Place): Plan {
  const entry = `output.${preset.extension}`;
  const keepsTime = !preset.ffmpeg_args.some(changesTime);
  return {
    args: [...readInput(input), ...(keepsTime ? capLength(probe) : []), ...preset.ffmpeg_args, join(outputDir, entry)],
    outputDir,
    outputType: "single",
    entry,
    files: [{ name: entry }],
    durationSeconds: keepsTime ? probe.durationSeconds : undefined,
    totalFrames: keepsTime ? probe.video?.frames : undefined,
  };
}

// An option that cuts the output, or a filter that makes it longer or shorter.
const changesTime = (arg: string) =>
  /^-(t|to|ss|fs|shortest|[vad]?frames|itsscale)(:|$)/.test(arg) ||
  /\b(setpts|asetpts|atempo|trim|atrim|loop|aloop|reverse|select|aselect|tpad|apad|concat|minterpolate)\b/.test(arg);
