/** The beginning of a frame of sound, as its codec has it. */
export type FrameHeader = {
  /** How many bytes tell how long a frame is. */
  bytes: number;
  /** How many bytes all of it has; undefined where no frame begins so. */
  lengthOf(header: Uint8Array): number | undefined;
};

/** AAC in ADTS (ISO/IEC 14496-3, 1.A.2.2). */
const adts: FrameHeader = {
  bytes: 6,
  lengthOf([sync, layer = 0, , high = 0, middle = 0, low = 0]) {
    const length = ((high & 0x03) << 11) | (middle << 3) | (low >> 5);
    return sync === 0xff && (layer & 0xf6) === 0xf0 ? length : undefined;
  },
};

/** E-AC-3 (ETSI TS 102 366, E.1.2.2 and E.1.3.1.3): its length is told in words of 16 bits, less one. */
const eac3: FrameHeader = {
  bytes: 4,
  lengthOf([first, second, high = 0, low = 0]) {
    return first === 0x0b && second === 0x77 ? 2 * ((((high & 0x07) << 8) | low) + 1) : undefined;
  },
};

/** By the type of a stream in MPEG-TS; those that are not here are not counted. */
export const frameHeaders: ReadonlyMap<number, FrameHeader> = new Map([
  [0x0f, adts],
  [0x87, eac3],
]);

/** Counts the frames of a stream of sound that is read in pieces of any size. */
export function makeFrameCounter({ bytes: headerBytes, lengthOf }: FrameHeader) {
  const header = new Uint8Array(headerBytes);
  let filled = 0;
  let rest = 0;
  let frames = 0;
  let isBroken = false;

  const begin = () => {
    const length = lengthOf(header) ?? 0;
    isBroken = length < headerBytes;
    rest = length - headerBytes;
    filled = 0;
    frames += 1;
  };

  return {
    /** Reads the next piece and returns how many frames begin in it. */
    add(bytes: Uint8Array): number {
      const before = frames;
      for (let at = 0; at < bytes.length && !isBroken; ) {
        const skipped = Math.min(rest, bytes.length - at);
        rest -= skipped;
        at += skipped;
        while (rest === 0 && filled < headerBytes && at < bytes.length) {
          header[filled] = bytes[at] ?? 0;
          filled += 1;
          at += 1;
        }
        if (filled === headerBytes) begin();
      }
      return frames - before;
    },
    /** Whether the stream consisted of complete frames only. */
    isWhole: () => !isBroken && rest === 0 && filled === 0,
  };
}
