type Element = { id: number; body: Buffer };

/** The elements in these bytes, one after the other (RFC 8794); one that goes on beyond their end is cut off there. */
export function* elementsIn(bytes: Buffer): Generator<Element> {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const idLength = Math.clz32(bytes[at] ?? 0) - 23;
    const sizeAt = at + idLength;
    const sizeLength = Math.clz32(bytes[sizeAt] ?? 0) - 23;
    const begin = sizeAt + sizeLength;
    if (idLength > 4 || sizeLength > 8 || begin > bytes.length) return;
    const marked = bytes.subarray(sizeAt, begin);
    const size = marked.reduce((sum, byte, index) => sum * 256 + (index === 0 ? byte & (0xff >> sizeLength) : byte), 0);
    // All ones stand for a size that is not known, which is more than there is.
    yield { id: bytes.readUIntBE(at, idLength), body: bytes.subarray(begin, begin + size) };
    at = begin + size;
  }
}

/** Those among them that have this id. */
export const elementsOf = (bytes: Buffer, id: number) => [...elementsIn(bytes)].filter((one) => one.id === id);
