import { open } from "node:fs/promises";

const ebmlHeader = 0x1a_45_df_a3;
const segment = 0x18_53_80_67;

/**
 * Whether another Matroska file begins right behind the first one, as `cat` leaves them (RFC 8794, section 5 and RFC
 * 9559, section 5.1). A segment of unknown size, as live recordings have, goes on to the end of the file.
 */
export async function holdsSeveralSegments(path: string): Promise<boolean> {
  await using file = await open(path);
  const elementAt = async (at: number) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, at);
    if (bytesRead < 12) return undefined;
    const size = sizeIn(buffer.subarray(4));
    return { id: buffer.readUInt32BE(0), end: size && at + 4 + size.length + size.value };
  };
  const header = await elementAt(0);
  if (header?.id !== ebmlHeader || header.end === undefined) return false;
  const first = await elementAt(header.end);
  if (first?.id !== segment || first.end === undefined) return false;
  return (await elementAt(first.end))?.id === ebmlHeader;
}

/** A size as EBML writes it: as many zeros in front as bytes follow the first. Undefined when it is unknown. */
function sizeIn(bytes: Buffer): { value: number; length: number } | undefined {
  const length = Math.clz32(bytes[0] ?? 0) - 23;
  if (length > 8 || bytes.length < 8) return undefined;
  const most = 2n ** BigInt(7 * length) - 1n;
  const value = (bytes.readBigUInt64BE() >> BigInt(64 - 8 * length)) & most;
  return value === most ? undefined : { value: Number(value), length };
}
