import * as v from "valibot";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import { mostStreams } from "#worker/ffmpeg/input-allowlist.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { StreamPackets } from "#worker/ffmpeg/stream-packets.ts";

// A film of 100 hours with a keyframe every second has fewer.
const mostKeyframes = 400_000;

// What filters and options are made of: it can neither end one nor begin another.
const word = v.pipe(v.string(), v.regex(/^[\w.+()-]{1,64}$/));
const number = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const side = v.pipe(count, v.minValue(1), v.maxValue(65_536));
/** JSON has no undefined. */
const orNone = <const S extends v.GenericSchema>(schema: S) =>
  v.pipe(
    v.nullable(schema),
    v.transform((value) => value ?? undefined),
  );

const packets = v.pipe(
  v.object({
    count,
    startSeconds: number,
    endSeconds: number,
    undecodable: count,
    keyframes: v.pipe(v.array(number), v.maxLength(mostKeyframes)),
    shortInterval: number,
    meanInterval: number,
    longestInterval: number,
    lastSeconds: number,
    backwards: count,
    isUneven: v.boolean(),
    isPartlyTimed: v.exactOptional(v.boolean()),
    bytes: count,
  }),
  v.transform((known): StreamPackets => ({ ...known, gaps: [], bytesOfSecond: new Map() })),
);

const stream = {
  index: v.pipe(count, v.maxValue(mostStreams)),
  codec: word,
  endSeconds: orNone(number),
  packets: v.exactOptional(packets),
  clip: v.exactOptional(v.object({ from: number, to: number, ahead: v.exactOptional(number) })),
};

const step = v.pipe(count, v.maxValue(2 ** 32 - 1));
const pair = v.tuple([step, step]);
const grading = v.object({
  mastering: v.exactOptional(v.object({ green: pair, blue: pair, red: pair, white: pair, luminance: pair })),
  light: v.exactOptional(v.object({ most: step, average: step })),
});

const video = v.pipe(
  v.object({
    ...stream,
    width: side,
    height: side,
    sampleAspect: v.pipe(number, v.gtValue(0)),
    rotation: number,
    pixelFormat: orNone(word),
    matrix: orNone(word),
    primaries: orNone(word),
    transfer: orNone(word),
    range: orNone(word),
    dolbyVision: orNone(count),
    grading: v.exactOptional(grading),
    interlaced: v.boolean(),
    averageRate: orNone(number),
    nominalRate: orNone(number),
    frames: orNone(count),
  }),
  v.transform((known) => ({ ...known, ...purposeOf({}) })),
);

const audio = v.pipe(
  v.object({
    ...stream,
    channels: orNone(count),
    layout: orNone(word),
    sampleRate: orNone(number),
    isChanging: v.exactOptional(v.boolean()),
  }),
  v.transform((known) => ({ ...known, language: undefined, ...purposeOf({}) })),
);

/** What a board says of a source: as far as the arguments of its pictures depend on it, and no text that people write. */
export const BoardProbe = v.pipe(
  v.object({
    format: v.pipe(v.string(), v.regex(/^[\w,.-]{1,100}$/)),
    durationSeconds: orNone(number),
    video,
    audio: v.pipe(v.array(audio), v.maxLength(mostStreams)),
    longestGap: v.exactOptional(number),
    isSteady: v.exactOptional(v.boolean()),
    clip: v.exactOptional(v.object({ start: number, seekSeconds: v.exactOptional(number), sourceSeconds: number })),
  }),
  v.transform((known): Probe => ({ ...known, subtitles: [] })),
);

/** The JSON of a probe, of which a board takes what it knows. */
export const probeToJson = (probe: Probe): unknown =>
  JSON.parse(JSON.stringify(withNulls(probe), (_, value: unknown) => (value instanceof Map ? undefined : value)));

function withNulls({ video, audio, ...probe }: Probe) {
  const none = { endSeconds: null };
  const noPicture = {
    ...{ pixelFormat: null, matrix: null, primaries: null, transfer: null, range: null, dolbyVision: null },
    ...{ averageRate: null, nominalRate: null, frames: null },
  };
  const noSound = { channels: null, layout: null, sampleRate: null };
  const known = <T extends object>(stream: T) =>
    Object.fromEntries(Object.entries(stream).filter(([, value]) => value !== undefined));
  return {
    ...{ durationSeconds: null, ...known(probe) },
    video: video && { ...none, ...noPicture, ...known(video) },
    audio: audio.map((sound) => ({ ...none, ...noSound, ...known(sound) })),
  };
}
