import { pipeline, Readable, type Transform } from "node:stream";
import * as zlib from "node:zlib";
import { RequestFailure } from "#shared/net/request-failure.ts";

type Pieces = AsyncIterator<Uint8Array>;

const chunkSize = 2 ** 16;
// RFC 9659 allows a window of 8 MiB; a larger one would let a server make this process use more memory.
const zstd = { chunkSize, params: { [zlib.constants.ZSTD_d_windowLogMax]: 23 } };

/** The decoder of each content coding, chosen by the body's first byte where that matters. */
const decoders = new Map<string, (first: number) => Transform>([
  ["gzip", () => zlib.createGunzip({ chunkSize })],
  ["x-gzip", () => zlib.createGunzip({ chunkSize })],
  // Deflate should begin with a zlib header, whose first byte ends in 8, but some servers leave it out.
  [
    "deflate",
    (first) => ((first & 15) === 8 ? zlib.createInflate({ chunkSize }) : zlib.createInflateRaw({ chunkSize })),
  ],
  ["br", () => zlib.createBrotliDecompress({ chunkSize })],
  ["zstd", () => zlib.createZstdDecompress(zstd)],
]);

/** The codings in a Content-Encoding header, in the order of their application. Unknown names are ignored. */
export const codingsIn = (header = "") =>
  header
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => canUndo(name) || /^(x-)?compress$/.test(name));

export const canUndo = (coding: string) => decoders.has(coding);

/** Decodes a body as it arrives. Throws a RequestFailure when the body is not in this coding. */
export async function* undone(body: AsyncIterable<Uint8Array>, coding: string): AsyncGenerator<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done) return;
  const decoder = decoders.get(coding)?.(first.value[0] ?? 0);
  if (!decoder) throw new Error(`no decoder for ${coding}`);
  let failure: unknown;
  const note = (error: unknown) => {
    failure = error;
  };
  pipeline(Readable.from(rest(first.value, pieces, note), { objectMode: false }), decoder, () => {});
  try {
    for await (const piece of decoder) yield piece;
  } catch (error) {
    throw failure ?? toDecodeFailure(error, coding);
  }
}

async function* rest(first: Uint8Array, pieces: Pieces, onError: (error: unknown) => void) {
  try {
    yield first;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
  } catch (error) {
    onError(error);
    throw error;
  } finally {
    await pieces.return?.();
  }
}

function toDecodeFailure(cause: unknown, coding: string): RequestFailure {
  const isCut = cause instanceof Error && cause.message.includes("unexpected end");
  return isCut
    ? new RequestFailure("ended too early", { transient: true, cause })
    : new RequestFailure(`announces the content coding ${coding}, and what it sends is not in it`, { cause });
}
