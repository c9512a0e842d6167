/** Counts the AAC frames of an ADTS stream (ISO/IEC 14496-3, 1.A.2.2) that is read in pieces of any size. */
export function makeAdtsCounter() {
  const header = new Uint8Array(6);
  let filled = 0;
  let rest = 0;
  let frames = 0;
  let isBroken = false;

  const begin = () => {
    const [sync, layer = 0, , high = 0, middle = 0, low = 0] = header;
    const length = ((high & 0x03) << 11) | (middle << 3) | (low >> 5);
    isBroken = sync !== 0xff || (layer & 0xf6) !== 0xf0 || length < header.length;
    rest = length - header.length;
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
        while (rest === 0 && filled < header.length && at < bytes.length) {
          header[filled] = bytes[at] ?? 0;
          filled += 1;
          at += 1;
        }
        if (filled === header.length) begin();
      }
      return frames - before;
    },
    /** Whether the stream consisted of complete frames only. */
    isWhole: () => !isBroken && rest === 0 && filled === 0,
  };
}
