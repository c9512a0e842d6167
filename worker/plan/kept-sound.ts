import { kilobits } from "#shared/job/bit-rate.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import type { AudioCodec, AudioSettings } from "#worker/presets/fields.ts";

/** How one sound of an output is encoded. */
export type SoundSettings = {
  codec: AudioCodec | "eac3";
  bitrate: string;
  /** The most channels that it has: one, two, or the six of 5.1. */
  channels: number;
};

/** A sound of an output: what it is made of, and how. */
export type HeardSound = { track: AudioStream; settings: SoundSettings };

const surround = 6;

/** The sounds of a single file: the main one, or all that are asked for. */
export const fileSounds = (audio: AudioSettings | undefined, { audio: tracks }: Pick<Probe, "audio">): HeardSound[] =>
  audio
    ? (audio.tracks ? tracks : tracks.slice(0, 1)).map((track) => ({ track, settings: keptSound(audio, track) }))
    : [];

/** How the only sound that is made of a track is encoded: what is to keep the channels of the source is 5.1 or stereo. */
export const keptSound = ({ channels, ...settings }: AudioSettings, track: AudioStream): SoundSettings =>
  channels === "source" && isSurround(track) ? surroundOf(settings) : { ...settings, ...stereoOf({ channels }) };

/** How the sound that all players take is encoded. */
export const plainSound = ({ channels, ...settings }: AudioSettings): SoundSettings => ({
  ...settings,
  ...stereoOf({ channels }),
});

const stereoOf = ({ channels }: Pick<AudioSettings, "channels">) => ({
  channels: channels === "source" ? 2 : channels,
});

/** 5.1 in the codec of a preset, with as much for each channel as in stereo. */
export const surroundOf = ({ codec, bitrate }: Pick<AudioSettings, "codec" | "bitrate">): SoundSettings => ({
  codec,
  bitrate: `${Math.round((kilobits(bitrate) * surround) / 2)}k`,
  channels: surround,
});

/**
 * Whether a track has channels around the listener whose places are known. One that changes on the way, that is ambisonic, or
 * that has channels without places is mixed to stereo as ever.
 */
export function isSurround({ channels = 0, layout, isChanging }: AudioStream): boolean {
  if (isChanging || channels < 3) return false;
  // Files that do not say which channel is which mostly have microphones in them, but for these numbers.
  if (layout === undefined || layout === "unknown") return channels === 6 || channels === 8;
  return !/^(ambisonic|\d+ channels)/.test(layout);
}
