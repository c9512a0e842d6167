import { type Sequence, sequenceIn } from "./sps.ts";

/** What pictures of H.264 in 4:2:0 with 8 bits are, as they say themselves. */
export type PlainPicture = {
  width: number;
  height: number;
  /** The width of a pixel by its height. */
  sampleAspect: number;
  /** Undefined where nothing is said. */
  range: "tv" | undefined;
  /** As ffmpeg names them; undefined where nothing is said. */
  colour: { matrix: string | undefined; primaries: string | undefined; transfer: string | undefined };
  /** The same by the numbers of ITU-T H.273. */
  numbers: Sequence["colour"];
};

// By the numbers of ITU-T H.273, as ffmpeg names them; 2 is for what is not said.
const primaries = new Map([
  [1, "bt709"],
  [2, undefined],
  [4, "bt470m"],
  [5, "bt470bg"],
  [6, "smpte170m"],
]);
const transfers = new Map([
  [1, "bt709"],
  [2, undefined],
  [6, "smpte170m"],
]);
const matrices = new Map([
  [1, "bt709"],
  [2, undefined],
  [5, "bt470bg"],
  [6, "smpte170m"],
]);

/** Reads what a sequence parameter set says of such pictures, of limited range and not of fields; undefined for others. */
export function plainPictureIn(set: Uint8Array): PlainPicture | undefined {
  const found = sequenceIn(set);
  return found && isPlain(found) ? pictureOf(found) : undefined;
}

/** 4K; how large pictures may be at all is ffmpeg's to decide. */
const mostPixels = 4_096 * 2_304;

const isPlain = ({ width, height, chroma, depths, isProgressive, isFullRange, colour }: Sequence) =>
  width * height <= mostPixels &&
  chroma === 1 &&
  depths.every((depth) => depth === 8) &&
  isProgressive &&
  isFullRange !== true &&
  primaries.has(colour.primaries) &&
  transfers.has(colour.transfer) &&
  matrices.has(colour.matrix);

function pictureOf({
  width,
  height,
  sampleAspect: [wide, high] = [1, 1],
  ...said
}: Sequence): PlainPicture | undefined {
  const { colour: numbers, isFullRange } = said;
  const range = isFullRange === false ? "tv" : undefined;
  const colour = {
    matrix: matrices.get(numbers.matrix),
    primaries: primaries.get(numbers.primaries),
    transfer: transfers.get(numbers.transfer),
  };
  return wide > 0 && high > 0 ? { width, height, sampleAspect: wide / high, range, colour, numbers } : undefined;
}

/** What sound of AAC (LC) is. */
export type PlainSound = { channels: number; layout: string; sampleRate: number };

const layouts = new Map([
  [1, "mono"],
  [2, "stereo"],
  [6, "5.1"],
]);

// What is coded at half the rate at which it is played need not say so, and is of a low rate (ISO/IEC 14496-3, 1.6.5).
const rates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000];

/** Sound by its object type, the place of its rate in a table, and its channels (1.6.2.1); undefined for all other. */
export function plainSoundOf(object: number, rate: number, channels: number): PlainSound | undefined {
  const [sampleRate, layout] = [rates[rate], layouts.get(channels)];
  return object === 2 && sampleRate !== undefined && layout !== undefined
    ? { channels, layout, sampleRate }
    : undefined;
}
