import type { FileHandle } from "node:fs/promises";
import { asDiskFull, ensureFreeSpace, type FreeSpaceRules } from "#worker/disk-space.ts";
import { RequestFailure } from "#worker/net/request-failure.ts";
import type { OnBytes } from "./open-source.ts";
import { makePace, type PaceLimits } from "./pace.ts";
import type { Part } from "./part.ts";

export type IntakeLimits = PaceLimits & { maxBytes?: number; diskSpace?: FreeSpaceRules };

type Target = { file: FileHandle; dir: string; onBytes: OnBytes | undefined };

export type Intake = ReturnType<typeof makeIntake>;

const checkedEveryBytes = 64 * 2 ** 20;

export function checkSize(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) throw new RequestFailure(`is larger than ${maxBytes} bytes, the limit`);
}

/** Puts what arrives of a source into its file, within the limits of size, speed and disk. */
export function makeIntake({ file, dir, onBytes }: Target, limits: IntakeLimits) {
  const { maxBytes = Number.POSITIVE_INFINITY, diskSpace = { reserveBytes: 0 } } = limits;
  const keepPace = makePace(limits);
  let bytes = 0;
  let total: number | undefined;
  let unchecked = 0;

  const checkRest = async () => {
    unchecked = 0;
    await ensureFreeSpace(dir, total === undefined ? checkedEveryBytes : total - bytes, "the source", diskSpace);
  };

  return {
    /** What is held of the source; what the file has beyond it goes. */
    async begin(part: Part): Promise<void> {
      ({ bytes, total } = part);
      checkSize(total ?? bytes, maxBytes);
      await file.truncate(bytes);
      await checkRest();
    },
    /** Writes a piece to its place. */
    async take(piece: Uint8Array, at: number): Promise<void> {
      checkSize(bytes + piece.length, maxBytes);
      keepPace(piece.length);
      bytes += piece.length;
      unchecked += piece.length;
      if (unchecked >= checkedEveryBytes) await checkRest();
      await writeAll(file, piece, at);
      onBytes?.(bytes, total);
    },
  };
}

async function writeAll(file: FileHandle, piece: Uint8Array, at: number): Promise<void> {
  try {
    for (let done = 0; done < piece.length; ) {
      done += (await file.write(piece, done, piece.length - done, at + done)).bytesWritten;
    }
  } catch (error) {
    throw asDiskFull(error, "the source");
  }
}
