/** The size of a packet of MPEG-TS in bytes (ISO/IEC 13818-1, 2.4.3.2). */
export const packetBytes = 188;

export type Packet = {
  /** Identifies the stream or table that the packet belongs to. */
  pid: number;
  /** Whether a table or a PES packet begins in it. */
  isStart: boolean;
  /** The bytes after the headers; empty when there are none. */
  payload: Uint8Array;
};

/** The packet at an offset; undefined when there is none. */
export function packetAt(bytes: Uint8Array, at: number): Packet | undefined {
  const [sync, high = 0, low = 0, control = 0, adaptation = 0] = bytes.subarray(at, at + 5);
  if (sync !== 0x47 || at + packetBytes > bytes.length || (high & 0x80) !== 0) return undefined;
  const header = (control & 0x20) === 0 ? 4 : 5 + adaptation;
  const hasPayload = (control & 0x10) !== 0 && header <= packetBytes;
  return {
    pid: ((high & 0x1f) << 8) | low,
    isStart: (high & 0x40) !== 0,
    payload: bytes.subarray(at + (hasPayload ? header : packetBytes), at + packetBytes),
  };
}
