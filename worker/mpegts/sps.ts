/** The size of pictures in pixels, as stored. */
export type PictureSize = { width: number; height: number };

/**
 * The size of pictures in a sequence parameter set of H.264 (ITU-T H.264, 7.3.2.1.1), without its start code; undefined
 * when it is cut off.
 */
export function sizeIn(set: Uint8Array): PictureSize | undefined {
  const bits = makeBits(set.subarray(4));
  bits.exp();
  const profile = set[1] ?? 0;
  const chroma = highProfiles.has(profile) ? chromaOf(bits) : 1;
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
  return size.width > 0 && size.height > 0 ? size : undefined;
}

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

function chromaOf(bits: Bits): number {
  const format = bits.exp();
  const isApart = format === 3 && bits.read(1) === 1;
  bits.exp();
  bits.exp();
  bits.read(1);
  const lists = bits.read(1) ? (format === 3 ? 12 : 8) : 0;
  for (let list = 0; list < lists; list += 1) if (bits.read(1)) skipScaling(bits, list < 6 ? 16 : 64);
  return isApart ? 0 : format;
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
