import { createDecipheriv } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { SegmentKey } from "#worker/delivery/encryption-key.ts";
import { packetBytes } from "#worker/mpegts/packet.ts";
import { makeTsReader } from "#worker/mpegts/segment.ts";
import type { SegmentTrack } from "./segment-track.ts";

/** What a segment of MPEG-TS holds; undefined when it is none, or was encrypted with another key. */
export async function tsContents(
  file: FileHandle,
  key: SegmentKey | undefined,
): Promise<readonly SegmentTrack[] | undefined> {
  const reader = makeTsReader();
  let rest = Buffer.alloc(0);
  try {
    for await (const bytes of key ? decrypted(file, key) : pieces(file)) {
      const known = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
      const whole = known.length - (known.length % packetBytes);
      reader.read(known.subarray(0, whole));
      rest = Buffer.from(known.subarray(whole));
    }
  } catch (error) {
    if (isUndecryptable(error)) return undefined;
    throw error;
  }
  return rest.length === 0 ? reader.end() : undefined;
}

async function* pieces(file: FileHandle): AsyncGenerator<Buffer> {
  const buffer = Buffer.alloc(packetBytes * 2_048);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
    if (bytesRead < buffer.length) return;
  }
}

/** RFC 8216, 4.3.2.4: each segment is encrypted on its own. */
async function* decrypted(file: FileHandle, { key, iv }: SegmentKey): AsyncGenerator<Buffer> {
  const decipher = createDecipheriv("aes-128-cbc", key, iv);
  for await (const bytes of pieces(file)) yield decipher.update(bytes);
  yield decipher.final();
}

const isUndecryptable = (error: unknown) =>
  error instanceof Error && "code" in error && /^ERR_(OSSL|CRYPTO)/.test(String(error.code));
