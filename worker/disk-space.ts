import { statfs } from "node:fs/promises";
import { codeOf } from "#shared/errors.ts";
import { Fault } from "#shared/fault.ts";

export type FreeSpaceRules = {
  /** How many bytes must stay free beside those that are asked for. */
  reserveBytes: number;
  /** How many bytes of a path's disk are free. Default: what statfs(2) says. */
  freeBytes?: (path: string) => Promise<number>;
};

/** Throws unless the disk of `path` has so many bytes free. The fault is `internal`: a client cannot free any. */
export async function ensureFreeSpace(path: string, bytes: number, what: string, rules: FreeSpaceRules): Promise<void> {
  const { reserveBytes, freeBytes = freeBytesAt } = rules;
  const spare = (await freeBytes(path)) - reserveBytes;
  if (spare >= bytes) return;
  throw new Fault(
    "internal",
    `the worker has no room for ${what}: it needs ${sizeOf(bytes)}, and ${sizeOf(Math.max(0, spare))} are free`,
  );
}

const aLittle = 2 ** 20;

const usualWatch = { freeBytes: freeBytesAt, everyMs: 250, blindMs: 5_000 };

/**
 * Checks at short intervals whether the disk of `path` is full: a file that was written meanwhile may be cut off, and
 * ffmpeg does not always report it.
 */
export function watchFreeSpace(path: string, what: string, rules = usualWatch): FreeSpaceWatch {
  let failure: Fault | undefined;
  let seenAt = performance.now();

  const look = async () => {
    if (performance.now() - seenAt > rules.blindMs)
      failure ??= new Fault("internal", `the worker stood still for a while, and ${what} is damaged`);
    seenAt = performance.now();
    await ensureFreeSpace(path, aLittle, what, { reserveBytes: 0, freeBytes: rules.freeBytes }).catch((error) => {
      failure ??= error;
    });
  };
  const timer = setInterval(look, rules.everyMs);
  return {
    async check() {
      await look();
      if (failure) throw failure;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

export type FreeSpaceWatch = Disposable & {
  /** Throws when the disk was full at any check so far, or when no check was made for too long. */
  check(): Promise<void>;
};

/** The Fault for a full disk if that is what the error says; any other error is returned as it is. */
export const asDiskFull = (error: unknown, what: string) =>
  isFull(error) ? new Fault("internal", `the worker has no room left for ${what}`, { cause: error }) : error;

async function freeBytesAt(path: string): Promise<number> {
  return (await diskSizeOf(path)).freeBytes;
}

/** How large the disk of a path is, as far as this process may use it, and how much of that is free. */
export async function diskSizeOf(path: string) {
  const { blocks, bfree, bavail, bsize } = await statfs(path);
  const [usedBytes, freeBytes] = [(blocks - bfree) * bsize, bavail * bsize];
  return { usedBytes, freeBytes, totalBytes: usedBytes + freeBytes };
}

const isFull = (error: unknown) => ["ENOSPC", "EDQUOT"].includes(codeOf(error));

const sizeOf = (bytes: number) =>
  bytes < 1_000_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${(bytes / 1_000_000_000).toFixed(1)} GB`;
