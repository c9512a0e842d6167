import type { FileHandle } from "node:fs/promises";
import { RequestFailure } from "#shared/net/request-failure.ts";
import { asDiskFull, ensureFreeSpace, type FreeSpaceRules } from "#worker/disk-space.ts";
import { makeSpeedCheck, type SpeedLimits } from "./min-speed.ts";
import type { PartialSource } from "./range-request.ts";
import type { OnBytes } from "./source.ts";

export type SourceLimits = SpeedLimits & {
  /** Default: no limit. */
  maxBytes?: number;
  /** What must stay free on the disk. Default: nothing. */
  diskSpace?: FreeSpaceRules;
};

type Target = { file: FileHandle; dir: string; onBytes: OnBytes | undefined };

export type SourceWriter = ReturnType<typeof makeSourceWriter>;

const checkedEveryBytes = 64 * 2 ** 20;

export function checkSize(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) throw new RequestFailure(`is larger than ${maxBytes} bytes, the limit`);
}

/** Writes what arrives of a source to its file, within the limits of size, speed and disk space. */
export function makeSourceWriter({ file, dir, onBytes }: Target, limits: SourceLimits) {
  const { maxBytes = Number.POSITIVE_INFINITY, diskSpace = { reserveBytes: 0 } } = limits;
  const checkSpeed = makeSpeedCheck(limits);
  let bytes = 0;
  let total: number | undefined;
  let unchecked = 0;

  const checkRest = async () => {
    unchecked = 0;
    await ensureFreeSpace(dir, total === undefined ? checkedEveryBytes : total - bytes, "the source", diskSpace);
  };

  return {
    /** Sets how much of the source is there, and removes what the file has beyond that. */
    async begin(part: PartialSource): Promise<void> {
      ({ bytes, total } = part);
      checkSize(total ?? bytes, maxBytes);
      await file.truncate(bytes);
      await checkRest();
    },
    /** Writes a piece at its offset. */
    async write(piece: Uint8Array, at: number): Promise<void> {
      checkSize(bytes + piece.length, maxBytes);
      checkSpeed(piece.length);
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
