import type { AudioStream } from "#worker/ffmpeg/media.ts";
import type { AudioSettings } from "#worker/presets/fields.ts";
import { languageOf } from "./language.ts";

const encoders = { aac: "aac", mp3: "libmp3lame", opus: "libopus" };

type Sound = Pick<AudioSettings, "codec" | "bitrate" | "channels">;

/** Never more channels than the source has. */
export const channelsOf = ({ channels }: Sound, source: AudioStream) => Math.min(channels, source.channels ?? channels);

/** Options for the audio stream number `at` of an output. */
export function soundArgs(sound: Sound, source: AudioStream, at = 0): string[] {
  const stream = `a:${at}`;
  return [
    ...["-map", `0:${source.index}`, `-c:${stream}`, encoders[sound.codec], `-b:${stream}`, sound.bitrate],
    ...[`-ac:${stream}`, String(channelsOf(sound, source)), `-ar:${stream}`, "48000"],
    ...(languageOf(source.language) ? [`-metadata:s:${stream}`, `language=${source.language}`] : []),
  ];
}
