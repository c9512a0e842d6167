/** The beginning of a PES packet: its timestamps, if it has any, and the bytes after its header. */
export type PesStart = {
  /** In ticks of 90 kHz; undefined where it has none. */
  times: { decoded: number; shown: number } | undefined;
  /** What follows its header. */
  data: Uint8Array;
};

/** Reads the header of a PES packet (ISO/IEC 13818-1, 2.4.3.6); undefined when these bytes are no such header. */
export function pesStart(payload: Uint8Array): PesStart | undefined {
  const [zero, none, one, , , , mark = 0, flags = 0, header = 0] = payload;
  if (zero !== 0 || none !== 0 || one !== 1 || (mark & 0xc0) !== 0x80 || 9 + header > payload.length) return undefined;
  const hasShown = (flags & 0x80) !== 0 && header >= 5;
  const hasDecoded = (flags & 0xc0) === 0xc0 && header >= 10;
  const shown = timestampAt(payload, 9);
  return {
    times: hasShown ? { shown, decoded: hasDecoded ? timestampAt(payload, 14) : shown } : undefined,
    data: payload.subarray(9 + header),
  };
}

/** Reads 33 bits from five bytes, which have marker bits between them. */
function timestampAt(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = bytes.subarray(at, at + 5);
  return ((a >> 1) & 0x07) * 2 ** 30 + (b << 22) + ((c >> 1) << 15) + (d << 7) + (e >> 1);
}
