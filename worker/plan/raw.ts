import { join } from "node:path";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { RawPreset } from "#worker/presets/raw-preset.ts";
import { capLength, readInput } from "./input.ts";
import type { Place, Plan } from "./plan.ts";
import { argsFor } from "./raw-args.ts";
import { segmentNames, sharesFiles, targetOf } from "./raw-names.ts";

/** A user's own arguments between input and output. What they make is theirs to know, but it must be media. */
export function rawPlan(preset: RawPreset, probe: Probe, { input, outputDir }: Place): Plan {
  const { output_type: outputType, output_files, ffmpeg_args } = preset;
  const [entry] = output_files ?? [`output.${preset.extension}`];
  const written = targetOf(entry, preset);
  const keepsTime = !ffmpeg_args.some(changesTime);
  const durationSeconds = keepsTime ? probe.durationSeconds : undefined;
  return {
    args: [
      ...readInput(input, probe),
      ...(keepsTime ? capLength(probe) : []),
      ...argsFor(preset, probe),
      ...muxerOf(outputType, ffmpeg_args),
      ...written.args,
      join(outputDir, written.target),
    ],
    outputDir,
    outputType,
    entry,
    entries: [entry],
    isMedia: segmentNames(preset),
    samples: [],
    files: [
      outputType === "single"
        ? { name: entry, ...(durationSeconds !== undefined && { seconds: durationSeconds }) }
        : { name: entry, isText: true },
    ],
    durationSeconds,
    totalFrames: keepsTime ? probe.video?.frames : undefined,
  };
}

/**
 * Options of ours after the user's: a segment is complete once it has its name, a playlist loses no segment. A
 * file of several segments has its name from the beginning, so that a playlist may name it at the end only.
 */
function muxerOf(type: RawPreset["output_type"], args: readonly string[]): string[] {
  if (type !== "hls") return type === "dash" ? ["-f", "dash"] : [];
  const growing = ["-hls_playlist_type", "event", "-hls_flags", "+temp_file"];
  return ["-f", "hls", "-hls_list_size", "0", ...(sharesFiles(args) ? ["-hls_playlist_type", "vod"] : growing)];
}

// An option that cuts the output, or a filter that makes it longer or shorter.
const changesTime = (arg: string) =>
  /^-(t|to|ss|fs|shortest|[vad]?frames|itsscale)(:|$)/.test(arg) ||
  /\b(setpts|asetpts|atempo|trim|atrim|loop|aloop|reverse|select|aselect|tpad|apad|concat|minterpolate)\b/.test(arg);
