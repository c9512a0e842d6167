import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Fault, fieldFault } from "#shared/fault.ts";
import type { Overlay } from "#shared/job/overlay.ts";
import type { Spawning } from "#worker/ffmpeg/run.ts";
import type { FetchedOverlay } from "#worker/overlays/fetched-overlay.ts";
import type { OpenSource } from "#worker/source/source.ts";
import { readOverlay } from "./read-overlay.ts";

/** No picture for a corner of a film is larger. */
const mostBytes = 20 * 1024 * 1024;

type Options = Spawning & {
  openSource: OpenSource;
  /** How many bytes the source and all overlays may have together. */
  maxBytes: number;
  /** How many of them the source has. */
  sourceBytes: number;
  /** Gets how many there are by now. */
  onBytes?: (bytes: number) => void;
};

/** Fetches the pictures of overlays into a folder of their own, and makes files of them that are safe to be read. */
export async function fetchOverlays(
  asked: readonly Overlay[] | undefined,
  folder: string,
  { openSource, maxBytes, sourceBytes, onBytes, ...spawning }: Options,
): Promise<FetchedOverlay[]> {
  if (!asked || asked.length === 0) return [];
  await rm(folder, { recursive: true, force: true });
  const fetched: FetchedOverlay[] = [];
  let spent = sourceBytes;
  for (const [at, { url, ...overlay }] of asked.entries()) {
    const field = `overlay.${at}.url`;
    const dir = join(folder, String(at));
    await mkdir(dir, { recursive: true });
    const most = Math.min(mostBytes, maxBytes - spent);
    const { path: raw, bytes } = await openSource(url, dir, spawning.signal, (bytes) =>
      checkSize(field, bytes, most),
    ).catch((error) => {
      throw error instanceof Fault ? fieldFault(error.kind, field, error.message, { cause: error }) : error;
    });
    checkSize(field, bytes, most);
    spent += bytes;
    onBytes?.(spent);
    const read = await readOverlay(raw, dir, field, spawning);
    await rm(raw);
    fetched.push({ ...overlay, ...read });
  }
  return fetched;
}

function checkSize(field: string, bytes: number, most: number) {
  if (bytes > most)
    throw fieldFault("too_large", field, `has more than ${most} bytes, which is all that there is room for`);
}
