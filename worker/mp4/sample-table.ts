import { boxesAt, boxesIn, signedAt, unsigned64At, unsignedAt } from "./boxes.ts";

/** The samples of a track in the order in which they are decoded; times are in ticks of the track. */
export type Samples = {
  /** When each is decoded, from 0. */
  decoded: readonly number[];
  /** When each is shown. */
  shown: readonly number[];
  /** How long each lasts. */
  durations: readonly number[];
  /** In bytes. */
  sizes: readonly number[];
  /** Where in the file each begins. */
  positions: readonly number[];
  /** Whether each may be decoded without the ones before. */
  isKeyframe: (sample: number) => boolean;
  /** Whether all last as long as the first, except perhaps the last one. */
  isSteady: boolean;
};

/** As many as half an hour of pictures and sound have: a table that claims more fills no memory. */
const mostSamples = 150_000;

const known = new Set(["stsd", "stts", "stss", "ctts", "stsc", "stsz", "stco", "co64"]);
// Where sound may be begun: of its priming.
const ofSound = new Set(["sgpd", "sbgp"]);

/**
 * Reads the sample table of a track (`stbl`; ISO/IEC 14496-12, 8.6 and 8.7). Undefined where its parts contradict each
 * other or say more than these samples, where one is decoded no later than the one before or shown before it is decoded, or
 * lies beyond the end of a file of so many bytes.
 */
export function readSamples(stbl: DataView, isSound: boolean, fileBytes: number): Samples | undefined {
  if (![...boxesIn(stbl)].every(({ type }) => known.has(type) || (isSound && ofSound.has(type)))) return undefined;
  const sizes = sizesIn(boxesAt(stbl, "stsz")[0]);
  const positions = sizes && positionsIn(stbl, sizes);
  if (!positions || sizes.some((size, at) => (positions[at] ?? 0) + size > fileBytes)) return undefined;
  const count = sizes.length;
  const durations = runsIn(boxesAt(stbl, "stts")[0], count, unsignedAt);
  const [ctts] = boxesAt(stbl, "ctts");
  const offsets = ctts ? runsIn(ctts, count, signedAt) : [];
  if (!durations?.slice(0, -1).every((ticks) => ticks > 0) || !offsets?.every((ticks) => ticks >= 0)) return undefined;
  const decoded: number[] = [];
  durations.reduce((time, duration) => {
    decoded.push(time);
    return time + duration;
  }, 0);
  const [stss] = boxesAt(stbl, "stss");
  const keyframes = stss && new Set(numbersIn(stss, count));
  return {
    ...{ decoded, durations, sizes, positions },
    shown: decoded.map((time, at) => time + (offsets[at] ?? 0)),
    isKeyframe: (sample) => keyframes === undefined || keyframes.has(sample + 1),
    isSteady: durations.every((duration, at) => duration === durations[0] || at === count - 1),
  };
}

function sizesIn(stsz: DataView | undefined): number[] | undefined {
  const count = stsz ? unsignedAt(stsz, 8) : Number.POSITIVE_INFINITY;
  if (!stsz || count > mostSamples) return undefined;
  const all = unsignedAt(stsz, 4);
  if (all === 0 && stsz.byteLength < 12 + count * 4) return undefined;
  return Array.from({ length: count }, (_, at) => all || unsignedAt(stsz, 12 + at * 4));
}

/** A value for each of so many samples, which are written as runs of equal ones. */
function runsIn(box: DataView | undefined, count: number, valueAt: (box: DataView, at: number) => number) {
  const values: number[] = [];
  if (!box || box.byteLength < 8 + unsignedAt(box, 4) * 8) return undefined;
  for (let run = 0; run < unsignedAt(box, 4); run += 1) {
    const [length, value] = [unsignedAt(box, 8 + run * 8), valueAt(box, 12 + run * 8)];
    if (values.length + length > count) return undefined;
    for (let at = 0; at < length; at += 1) values.push(value);
  }
  return values.length === count ? values : undefined;
}

const numbersIn = (box: DataView, most: number) =>
  Array.from({ length: Math.min(most, unsignedAt(box, 4)) }, (_, at) => unsignedAt(box, 8 + at * 4));

/** Samples lie in chunks, one behind the other. */
function positionsIn(stbl: DataView, sizes: readonly number[]): number[] | undefined {
  const [runs] = boxesAt(stbl, "stsc");
  const positions: number[] = [];
  let run = 0;
  for (const [chunk, begin] of chunksIn(stbl, sizes.length).entries()) {
    if (!runs) return undefined;
    if (run + 1 < unsignedAt(runs, 4) && unsignedAt(runs, 8 + (run + 1) * 12) <= chunk + 1) run += 1;
    const end = Math.min(sizes.length, positions.length + unsignedAt(runs, 12 + run * 12));
    for (let at = begin; positions.length < end; at += sizes[positions.length - 1] ?? 0) positions.push(at);
  }
  return positions.length === sizes.length ? positions : undefined;
}

function chunksIn(stbl: DataView, most: number): number[] {
  const [short] = boxesAt(stbl, "stco");
  if (short) return numbersIn(short, most);
  const [long] = boxesAt(stbl, "co64");
  return long ? numbersIn(long, most).map((_, at) => unsigned64At(long, 8 + at * 8)) : [];
}
