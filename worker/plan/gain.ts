import type { AudioStream } from "#worker/ffmpeg/streams.ts";

/** How a sound is brought to a loudness: by one gain from its beginning to its end. */
export type Gain = {
  /** How much louder it becomes, in decibels; below zero: quieter. */
  decibels: number;
  /** Whether that brings peaks above the ceiling, which are to be kept below it. */
  isLimited: boolean;
};

/** The gain of each sound of an output, by `gainKey`, and what clients are told of those that have none or too little. */
export type Gains = { all: ReadonlyMap<string, Gain>; warnings: readonly string[] };

/** The same track is as loud as another one when it is mixed to fewer channels. */
export const gainKey = ({ index }: Pick<AudioStream, "index">, channels: number) => `${index}:${channels}`;

/** The highest true peak in decibels of full scale. Encoders add up to two and a half: what is heard is below -1. */
export const ceiling = -4;

/** Peaks lie between samples, too: a limiter that sees four times as many keeps to its limit for those as well. */
const limiter = `aresample=192000,alimiter=limit=${(10 ** (ceiling / 20)).toFixed(4)}:level=0:latency=1`;

/** Filters that work on sound of this format, which they leave as it is. */
export const gainFilters = ({ decibels, isLimited }: Gain, format: string): string[] => [
  `volume=${decibels.toFixed(2)}dB`,
  ...(isLimited ? [limiter, format] : []),
];
