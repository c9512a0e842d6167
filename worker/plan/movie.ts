import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioSettings, VideoSettings } from "#worker/presets/fields.ts";
import { audioNames, videoArgs, videoNames } from "./encoders.ts";
import { straight } from "./graph.ts";
import { capLength, ifKnown, secondsOf, videoOf } from "./input.ts";
import type { Part } from "./part.ts";
import { shown } from "./picture.ts";
import { steadyRate } from "./rate.ts";
import { soundArgs } from "./sound.ts";

type Movie = { name: string; extension: string; video: VideoSettings; audio?: AudioSettings | undefined };

/** A file with picture and, if the source has it, sound, that begins to play before it is whole. */
export function moviePart(preset: Movie, probe: Probe): Part {
  const video = videoOf(probe, preset);
  const [rendition] = preset.video.renditions;
  const audio = preset.audio && probe.audio[0];
  const rate = steadyRate(video);
  const name = `output.${preset.extension}`;
  return {
    chain: straight([...(rate === undefined ? [] : [`fps=${rate}`]), ...shown(video, rendition.size)]),
    args: [
      ...["-fps_mode", "vfr", ...videoArgs(preset.video, { rendition, speed: preset.video.speed })],
      ...(audio && preset.audio ? soundArgs(preset.audio, audio) : []),
      ...capLength(probe),
      ...faststart(preset.extension),
    ],
    target: name,
    files: [
      {
        name,
        video: { codec: videoNames[preset.video.codec], size: rendition.size },
        ...(audio && preset.audio && { audio: { codec: audioNames[preset.audio.codec] } }),
        ...ifKnown(secondsOf(probe, video, ...(audio ? [audio] : []))),
      },
    ],
  };
}

/** The index first, where there is one. */
export const faststart = (extension: string) => (/^m(p4|4a)$/.test(extension) ? ["-movflags", "+faststart"] : []);
