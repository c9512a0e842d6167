import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import { clipSound } from "./clip.ts";
import { type Gain, type Gains, gainFilters, gainKey } from "./gain.ts";
import type { SoundSettings } from "./kept-sound.ts";
import { languageOf } from "./language.ts";

const encoders = { aac: "aac", mp3: "libmp3lame", opus: "libopus", eac3: "eac3" };

/** Never more channels than the source has, but for 5.1, in which what it has not is silent. */
export const channelsOf = (
  { channels }: Pick<SoundSettings, "channels">,
  { channels: given, isChanging }: AudioStream,
) => (isChanging || given === undefined || channels > 2 ? channels : Math.min(channels, given));

const layouts = new Map([
  [1, "mono"],
  [2, "stereo"],
  [6, "5.1"],
]);

type Options = {
  /** The number of the stream among the audio streams of its output. */
  at?: number;
  /** Where the sound begins, in samples at 48 kHz: at zero unless told. */
  startsAt?: number;
  /** Silence follows the sound until then. */
  untilSeconds?: number | undefined;
  /** What brings sounds to a loudness; absent: they stay as loud as they are. */
  gains?: Gains | undefined;
  /** What is mapped, where it is not the source's own stream. */
  from?: string;
  /** Whether that is encoded already. */
  isEncoded?: boolean;
};

/** Options for one audio stream of an output. Its clock is that of the source: what begins late begins with silence. */
export function soundArgs(sound: SoundSettings, source: AudioStream, options: Options = {}): string[] {
  const { at = 0, startsAt = 0, untilSeconds, gains, from = `0:${source.index}` } = options;
  const stream = `a:${at}`;
  const language = languageOf(source.language) ? [`-metadata:s:${stream}`, `language=${source.language}`] : [];
  if (options.isEncoded) return ["-map", from, `-c:${stream}`, "copy", ...language];
  const chain = [
    ...clipSound(source),
    ...mixdown(sound, source, gains?.all.get(gainKey(source, channelsOf(sound, source)))),
    steady(startsAt),
    ...(untilSeconds === undefined ? [] : [`apad=whole_dur=${(untilSeconds - startsAt / 48_000).toFixed(6)}`]),
  ];
  return [
    ...["-map", from, `-filter:${stream}`, chain.join(",")],
    ...[`-c:${stream}`, encoders[sound.codec], `-b:${stream}`, sound.bitrate],
    ...language,
  ];
}

/**
 * Fills what comes late and every pause, so that sound stays beside its picture: calls send nothing for 20 ms and more
 * where nobody speaks. Timestamps in milliseconds are off by less.
 */
export const steady = (startsAt: number) => `aresample=48000:async=1:min_hard_comp=0.018:first_pts=${startsAt}`;

/**
 * Brings any layout to mono, stereo or 5.1, and a sound to its loudness; what is mixed from more channels is kept below
 * full scale, as a player shows it.
 */
export function mixdown(sound: Pick<SoundSettings, "channels">, source: AudioStream, gain?: Gain): string[] {
  const channels = channelsOf(sound, source);
  const format = formatOf(sound, source);
  const isMixed = source.isChanging || (source.channels ?? channels) > channels;
  if (!isMixed) return [format, ...(gain ? gainFilters(gain, format) : [])];
  const loud = gain ? gainFilters(gain, format) : [limiter];
  return [...(channels > 2 ? [] : fold(source, channels === 1 ? "mono" : "stereo")), format, ...loud, peakMeter];
}

// What is called 5.1(side) would become a stream of AAC that Chromium refuses.
const formatOf = (sound: Pick<SoundSettings, "channels">, source: AudioStream) =>
  `aformat=sample_rates=48000:channel_layouts=${layouts.get(channelsOf(sound, source)) ?? "stereo"}`;

// Encoders add up to two and a half decibels at the peaks.
const limiter = "alimiter=limit=0.7:level=0:latency=1";

/** The filter has a name: what it measures at the end tells verification whether the mix is above full scale. */
const peakMeter = "astats@mixed=measure_perchannel=none:measure_overall=Peak_level";

/** Filters for channels that no rule tells how to mix. */
function fold({ channels = 2, layout }: AudioStream, target: "mono" | "stereo"): string[] {
  // Of ambisonics in ACN order the first channel hears everywhere, the second tells left from right.
  if (layout?.startsWith("ambisonic")) {
    return [target === "mono" ? "pan=mono|c0=c0" : "pan=stereo|c0=0.7*c0+0.7*c1|c1=0.7*c0-0.7*c1"];
  }
  // Of channels without a place the first two are the mix, as cameras and editors write them.
  const isDiscrete = layout === undefined ? channels > 8 : /^\d+ channels/.test(layout);
  if (isDiscrete) return [target === "mono" ? "pan=mono|c0=0.5*c0+0.5*c1" : "pan=stereo|c0=c0|c1=c1"];
  return [];
}
