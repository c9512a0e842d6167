import { statfs } from "node:fs/promises";
import { Fault } from "#shared/fault.ts";

export type RoomRules = {
  /** What must stay free. */
  reserveBytes: number;
  freeBytes?: (path: string) => Promise<number>;
};

/** Throws unless the disk of `path` has room for so many bytes more. The disk is the operator's matter, not a client's. */
export async function checkRoom(path: string, bytes: number, what: string, rules: RoomRules): Promise<void> {
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
 * Looks all the time whether the disk of `path` is full: what was written then may be cut off, and ffmpeg does not
 * always say so.
 */
export function watchRoom(path: string, what: string, rules = usualWatch): RoomWatch {
  let trouble: Fault | undefined;
  let seenAt = performance.now();

  const look = async () => {
    if (performance.now() - seenAt > rules.blindMs)
      trouble ??= new Fault("internal", `the worker stood still for a while, and ${what} is damaged`);
    seenAt = performance.now();
    await checkRoom(path, aLittle, what, { reserveBytes: 0, freeBytes: rules.freeBytes }).catch((error) => {
      trouble ??= error;
    });
  };
  const timer = setInterval(look, rules.everyMs);
  return {
    async check() {
      await look();
      if (trouble) throw trouble;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

export type RoomWatch = Disposable & {
  /** To be asked about damage: throws when the disk was full at any look, or could not be looked at for long. */
  check(): Promise<void>;
};

/** Turns the error of a full disk into the Fault for it; any other stays what it is. */
export const orNoRoom = (error: unknown, what: string) =>
  isFull(error) ? new Fault("internal", `the worker has no room left for ${what}`, { cause: error }) : error;

async function freeBytesAt(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

const isFull = (error: unknown) =>
  error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");

const sizeOf = (bytes: number) =>
  bytes < 1_000_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${(bytes / 1_000_000_000).toFixed(1)} GB`;
