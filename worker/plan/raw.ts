import { join } from "node:path";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { RawPreset } from "#worker/presets/raw-preset.ts";
import { capLength, readInput } from "./input.ts";
import type { Place, Plan } from "./plan.ts";

/** A user's own arguments between input and output. What they make is theirs to know, but it must be media. */
export function rawPlan(preset: RawPreset, probe: Probe, { input, outputDir }: Place): Plan {
  const { output_type: outputType, output_files, ffmpeg_args } = preset;
  const [entry, ...media] = output_files ?? [`output.${preset.extension}`];
  const keepsTime = !ffmpeg_args.some(changesTime);
  const durationSeconds = keepsTime ? probe.durationSeconds : undefined;
  const mediaNames = media.filter((name) => /\.(ts|m4s)$/.test(name)).map(namesOf);
  return {
    args: [
      ...readInput(input, probe),
      ...(keepsTime ? capLength(probe) : []),
      ...ffmpeg_args,
      ...muxers[outputType],
      join(outputDir, entry),
    ],
    outputDir,
    outputType,
    entry,
    entries: [entry],
    isMedia: (name) => mediaNames.some((pattern) => pattern.test(name)),
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

// Options of ours after the user's: a segment is complete once it has its name, a playlist loses no segment.
const muxers = {
  single: [],
  hls: ["-f", "hls", "-hls_list_size", "0", "-hls_playlist_type", "event", "-hls_flags", "+temp_file"],
  dash: ["-f", "dash"],
};

const placeholder = /%v|%0?\d*d|\$RepresentationID\$|\$(?:Number|Time)(?:%0\d+d)?\$/g;

/** The names that a pattern with a number in it stands for. Without a number it names no media, but a file like init. */
function namesOf(pattern: string): RegExp {
  if (!/%0?\d*d|\$(Number|Time)/.test(pattern)) return /^$/;
  const escaped = (text: string) => text.replace(/[.$-]/g, "\\$&");
  const parts = pattern.split(placeholder).map(escaped);
  const gaps = (pattern.match(placeholder) ?? []).map((one) => (/v|ID/.test(one) ? "[\\w-]+" : "\\d+"));
  return new RegExp(`^${parts.map((part, at) => part + (gaps[at] ?? "")).join("")}$`);
}

// An option that cuts the output, or a filter that makes it longer or shorter.
const changesTime = (arg: string) =>
  /^-(t|to|ss|fs|shortest|[vad]?frames|itsscale)(:|$)/.test(arg) ||
  /\b(setpts|asetpts|atempo|trim|atrim|loop|aloop|reverse|select|aselect|tpad|apad|concat|minterpolate)\b/.test(arg);
