/** The size of a picture in pixels, as a JPEG, PNG, GIF or WebP says it near its beginning; empty for others. */
export async function imageSize(path: string): Promise<{ width?: number; height?: number }> {
  return imageSizeIn(Buffer.from(await Bun.file(path).slice(0, headBytes).bytes()));
}

// Tables, profiles and comments come before the size of a JPEG.
const headBytes = 2 ** 16;

export function imageSizeIn(head: Buffer): { width?: number; height?: number } {
  const kind = head.toString("latin1", 0, 16);
  if (head.length < 30) return {};
  if (kind.startsWith("\x89PNG")) return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
  if (kind.startsWith("GIF8")) return { width: head.readUInt16LE(6), height: head.readUInt16LE(8) };
  if (kind.startsWith("RIFF")) return webpSize(kind.slice(12, 16), head);
  return kind.startsWith("\xff\xd8") ? jpegSize(head) : {};
}

/** RFC 9649: of the extended, the lossless and the lossy format. */
function webpSize(format: string, head: Buffer) {
  if (format === "VP8X") return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
  if (format === "VP8L") {
    const bits = head.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
}

/** ITU-T T.81, B.2.2: in the header of its frame, which other segments precede. */
function jpegSize(head: Buffer) {
  for (let at = 2; at + 9 <= head.length; at += 2 + head.readUInt16BE(at + 2)) {
    const marker = head[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: head.readUInt16BE(at + 7), height: head.readUInt16BE(at + 5) };
  }
  return {};
}
