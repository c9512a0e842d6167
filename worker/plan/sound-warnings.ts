import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { fileSounds, isSurround } from "./kept-sound.ts";
import { ladderOf } from "./ladder.ts";

/** What a listener misses of the channels that were to be kept. */
export function soundWarnings(preset: Preset, probe: Probe, ffmpeg: Pick<Capabilities, "has">): string[] {
  if ("ffmpeg_args" in preset || preset.audio?.channels !== "source") return [];
  const tracks =
    preset.output_type === "single"
      ? fileSounds(preset.audio, probe).map(({ track }) => track)
      : ladderOf(preset, probe).audio;
  const isWanted = preset.output_type !== "single" && preset.audio.eac3 !== false && tracks.some(isSurround);
  const isLacking = isWanted && !ffmpeg.has("encoder:eac3");
  return [
    ...tracks.flatMap(mixedWarning),
    ...(isLacking ? ["5.1 is not there as E-AC-3: the worker's ffmpeg has no encoder of it"] : []),
  ];
}

function mixedWarning(track: AudioStream): string[] {
  const { channels = 0, number = 0, isChanging } = track;
  if ((channels < 3 && !isChanging) || isSurround(track)) return [];
  const why = isChanging ? "its channels or its rate change on the way" : "nothing says where its channels belong";
  return [`sound number ${number} is not kept in more channels than stereo: ${why}`];
}
