import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import type { Probe, VideoStream } from "#worker/ffmpeg/media.ts";
import type { DeclarativePreset } from "#worker/presets/schema.ts";
import { aac, videoEncoders } from "./encoders.ts";
import { capLength, readInput } from "./input.ts";
import { pictureFilters, steadyRate } from "./picture.ts";
import type { Place, Plan } from "./plan.ts";

/** One file with one rendition, that begins to play before it is whole. */
export function singlePlan(preset: DeclarativePreset, probe: Probe, { input, outputDir }: Place): Plan {
  const { video } = probe;
  if (!video) throw new Fault("source_failed", `the source has no video, and preset ${preset.name} needs one`);
  const [rendition] = preset.video.renditions;
  const encoder = videoEncoders[preset.video.codec];
  const audio = preset.audio && probe.audio[0];
  const entry = `output.${preset.extension}`;
  return {
    args: [
      ...readInput(input),
      ...["-map", `0:${video.index}`, "-vf", pictureFilters(video, rendition.size), "-fps_mode", "vfr"],
      ...encoder.args(rendition, preset.video.speed),
      ...(audio && preset.audio ? ["-map", `0:${audio.index}`, ...aac(preset.audio, audio.channels)] : []),
      ...["-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"],
      ...capLength(probe),
      ...["-movflags", "+faststart", join(outputDir, entry)],
    ],
    outputDir,
    outputType: "single",
    entry,
    files: [
      {
        name: entry,
        video: { codec: encoder.codec, size: rendition.size },
        ...(audio && { audio: { codec: "aac" } }),
      },
    ],
    durationSeconds: probe.durationSeconds,
    totalFrames: framesOf(video, probe.durationSeconds),
  };
}

function framesOf(video: VideoStream, durationSeconds: number | undefined) {
  const rate = steadyRate(video);
  if (rate === undefined && video.frames !== undefined) return video.frames;
  const estimate = (durationSeconds ?? 0) * (rate ?? video.averageRate ?? 0);
  return estimate > 0 ? Math.round(estimate) : undefined;
}
