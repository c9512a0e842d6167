import { type Capabilities, drawnText } from "./ffmpeg/capabilities.ts";
import { encodersOf } from "./plan/encoders-of.ts";
import { tenBits } from "./plan/needs.ts";
import type { Presets } from "./presets/load.ts";
import { canAim } from "./quality/check-aim.ts";
import { vmafCapability } from "./quality/check-metric.ts";

/** The filters on which it depends what a job may ask for, and without which some ffmpegs are built. */
const filters = ["zscale", "tonemap", "subtitles", "libvmaf"];

/** What the worker's status says about its ffmpeg: the version, the encoders that presets use, and these filters. */
export function capabilityNames(ffmpeg: Capabilities, presets: Presets): string[] {
  const { major, minor } = ffmpeg.version;
  const encoders = new Set([...presets.values()].flatMap((preset) => encodersOf(preset).map(({ name }) => name)));
  return [
    `ffmpeg:${major}.${minor}`,
    ...[...encoders].filter((name) => ffmpeg.has(`encoder:${name}`)).map((name) => `encoder:${name}`),
    ...(ffmpeg.has(tenBits) ? [tenBits] : []),
    ...(ffmpeg.has(vmafCapability) ? ["vmaf"] : []),
    ...(canAim(ffmpeg) ? ["quality"] : []),
    ...(ffmpeg.has(drawnText) ? ["burn"] : []),
    ...filters.filter((name) => ffmpeg.has(`filter:${name}`)).map((name) => `filter:${name}`),
  ];
}
