import { constants } from "node:fs";
import { type FileHandle, lstat, open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { codeOf } from "#shared/errors.ts";

const pieceBytes = 2 ** 20;

/**
 * What reads a file below a folder makes of its bytes; "missing" when there is none, or why it cannot be read. A path that leads
 * out of the folder by a link, and what is no regular file, is not read: a pipe would rest and a device never end.
 */
export async function readRegular<T>(
  root: string,
  path: string,
  take: (pieces: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T | "missing" | { problem: string }> {
  const file = join(root, path);
  try {
    if (!(await lstat(file)).isFile()) return { problem: "is no regular file" };
    const inside = `${await realpath(root)}${sep}`.replace(/\/\/$/, "/");
    if (!(await realpath(file)).startsWith(inside)) return { problem: "lies outside of the folder, behind a link" };
    // Something else may have come to this path meanwhile.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (!(await handle.stat()).isFile()) return { problem: "is no regular file" };
    return await take(piecesOf(handle));
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return "missing";
    return { problem: `cannot be read (${code || "unknown failure"})` };
  }
}

/** The bytes of an open file, in pieces that are valid until the next is asked for. */
export async function* piecesOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(pieceBytes);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, pieceBytes, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** The text of a file of at most so many bytes; undefined when it is longer, of which no more is read. */
export async function textOf(pieces: AsyncIterable<Uint8Array>, mostBytes: number): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > mostBytes) return undefined;
    parts.push(Buffer.from(piece));
  }
  return Buffer.concat(parts).toString("utf8");
}
