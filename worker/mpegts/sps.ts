/** The size of pictures in pixels, as stored. */
export type PictureSize = { width: number; height: number };

/** What a sequence parameter set of H.264 says of its pictures. */
export type Sequence = PictureSize & {
  /** How their colours are sampled: 1 for 4:2:0; 0 for no colours, or planes that are coded apart. */
  chroma: number;
  /** Bits of the luma and of the chroma. */
  depths: readonly [number, number];
  /** Whether none is coded as fields. */
  isProgressive: boolean;
  /** The width of a pixel by its height; undefined where nothing is said. */
  sampleAspect: readonly [number, number] | undefined;
  /** Undefined where nothing is said. */
  isFullRange: boolean | undefined;
  /** What the numbers mean, by ITU-T H.273; 2 where nothing is said. */
  colour: { primaries: number; transfer: number; matrix: number };
};

/**
 * The size of pictures in a sequence parameter set of H.264 (ITU-T H.264, 7.3.2.1.1), without its start code; undefined
 * when it is cut off.
 */
export function sizeIn(set: Uint8Array): PictureSize | undefined {
  const sequence = sequenceIn(set);
  return sequence && { width: sequence.width, height: sequence.height };
}

/** All that such a set says of pictures. */
export function sequenceIn(set: Uint8Array): Sequence | undefined {
  const bits = makeBits(set.subarray(4));
  bits.exp();
  const profile = set[1] ?? 0;
  const { chroma, depths } = highProfiles.has(profile) ? sampling(bits) : { chroma: 1, depths: [8, 8] as const };
  bits.exp();
  skipOrder(bits);
  bits.exp();
  bits.read(1);
  const [columns, rows] = [bits.exp() + 1, bits.exp() + 1];
  // Pictures of two fields have half as many rows in the map.
  const fields = 2 - bits.read(1);
  if (fields === 2) bits.read(1);
  bits.read(1);
  const [left, right, top, bottom] = bits.read(1) ? [bits.exp(), bits.exp(), bits.exp(), bits.exp()] : [0, 0, 0, 0];
  if (bits.isOver()) return undefined;
  const [unitX, unitY] = [chroma === 1 || chroma === 2 ? 2 : 1, (chroma === 1 ? 2 : 1) * fields];
  const size = { width: columns * 16 - (left + right) * unitX, height: rows * fields * 16 - (top + bottom) * unitY };
  if (size.width <= 0 || size.height <= 0) return undefined;
  return { ...size, chroma, depths, isProgressive: fields === 1, ...usability(bits) };
}

/** How pictures are to be shown (E.1.1), which need not be said. */
function usability(bits: Bits) {
  const isSaid = bits.read(1) === 1;
  const aspect = isSaid && bits.read(1) ? bits.read(8) : 0;
  const sampleAspect = aspect === 255 ? ([bits.read(16), bits.read(16)] as const) : sampleAspects[aspect];
  if (isSaid && bits.read(1)) bits.read(1);
  const isSignal = isSaid && bits.read(1) === 1;
  if (isSignal) bits.read(3);
  const isFullRange = isSignal ? bits.read(1) === 1 : undefined;
  const isColour = isSignal && bits.read(1) === 1;
  const [primaries, transfer, matrix] = isColour ? [bits.read(8), bits.read(8), bits.read(8)] : [2, 2, 2];
  return { sampleAspect, isFullRange, colour: { primaries, transfer, matrix } };
}

/** Table E-1. */
const sampleAspects: readonly (readonly [number, number] | undefined)[] = [
  undefined,
  ...([
    [1, 1],
    [12, 11],
    [10, 11],
    [16, 11],
    [40, 33],
    [24, 11],
    [20, 11],
    [32, 11],
  ] as const),
  ...([
    [80, 33],
    [18, 11],
    [15, 11],
    [64, 33],
    [160, 99],
    [4, 3],
    [3, 2],
    [2, 1],
  ] as const),
];

type Bits = ReturnType<typeof makeBits>;

function makeBits(bytes: Uint8Array) {
  let at = 0;
  const read = (count: number) => {
    let value = 0;
    for (let more = 0; more < count; more += 1, at += 1) {
      value = value * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    }
    return value;
  };
  return {
    /** So many bits as a number; beyond the end they are zero. */
    read,
    /** A number whose length is told by the zeros before it (9.1). */
    exp() {
      let zeros = 0;
      while (zeros < 32 && read(1) === 0) zeros += 1;
      return 2 ** zeros - 1 + read(zeros);
    },
    /** Whether more was read than there is. */
    isOver: () => at > bytes.length * 8,
  };
}

/** The profiles that say how their colours are sampled. */
const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

function sampling(bits: Bits): Pick<Sequence, "chroma" | "depths"> {
  const format = bits.exp();
  const isApart = format === 3 && bits.read(1) === 1;
  const depths = [8 + bits.exp(), 8 + bits.exp()] as const;
  bits.read(1);
  const lists = bits.read(1) ? (format === 3 ? 12 : 8) : 0;
  for (let list = 0; list < lists; list += 1) if (bits.read(1)) skipScaling(bits, list < 6 ? 16 : 64);
  return { chroma: isApart ? 0 : format, depths };
}

function skipScaling(bits: Bits, size: number) {
  let [last, next] = [8, 8];
  for (let at = 0; at < size && next !== 0; at += 1) {
    next = (last + signed(bits) + 256) % 256;
    last = next === 0 ? last : next;
  }
}

/** Numbers take turns: 1 is 1, 2 is -1, 3 is 2. */
function signed(bits: Bits): number {
  const value = bits.exp();
  return value % 2 === 1 ? (value + 1) / 2 : -value / 2;
}

/** How the order of pictures is told. */
function skipOrder(bits: Bits) {
  const type = bits.exp();
  if (type === 0) bits.exp();
  if (type !== 1) return;
  bits.read(1);
  bits.exp();
  bits.exp();
  for (let left = Math.min(255, bits.exp()); left > 0; left -= 1) bits.exp();
}
