import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { addFragment } from "#worker/mp4/segment.ts";
import { packetBytes } from "#worker/mpegts/packet.ts";
import { makeTsReader } from "#worker/mpegts/segment.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { SegmentTrack } from "./segment-track.ts";

/** What a segment holds; undefined when it cannot be read as media. */
export type SegmentContents = readonly SegmentTrack[] | undefined;

export type Contents = ReturnType<typeof makeContents>;

/** Looks into the segments of an output, each once: it may be gone from the disk when the output is verified. */
export function makeContents({ segments, isMedia }: Pick<Plan, "segments" | "isMedia">) {
  const seen = new Map<string, SegmentContents>();
  return {
    /** Reads a file unless it is no segment. */
    async look(path: string): Promise<void> {
      const name = basename(path);
      if (segments && isMedia(name) && !seen.has(name)) seen.set(name, await contentsOf(path));
    },
    seen: seen as ReadonlyMap<string, SegmentContents>,
  };
}

/** Reads a segment of MPEG-TS or of fragmented MP4, by its name. Never follows a link. */
async function contentsOf(path: string): Promise<SegmentContents> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  return await (path.endsWith(".ts") ? tsContents(file) : mp4Contents(file));
}

async function tsContents(file: FileHandle): Promise<SegmentContents> {
  const reader = makeTsReader();
  const buffer = new Uint8Array(packetBytes * 2_048);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    reader.read(buffer.subarray(0, bytesRead));
    at += bytesRead;
    if (bytesRead < buffer.length) return reader.end();
  }
}

// A fragment of ten seconds has an index of some kilobytes, and a segment has one fragment or a few.
const mostIndexBytes = 2 ** 20;
const mostBoxes = 4_096;

/** Only the indexes are read: the media between them say nothing of their times. */
async function mp4Contents(file: FileHandle): Promise<SegmentContents> {
  const { size } = await file.stat();
  const tracks = new Map<number, SegmentTrack>();
  let at = 0;
  for (let boxes = 0; at < size; boxes += 1) {
    const box = await boxAt(file, at, size);
    if (!box || boxes === mostBoxes) return undefined;
    if (box.type === "moof" && !addFragment(tracks, await bytesAt(file, at, Math.min(box.length, mostIndexBytes))))
      return undefined;
    at += box.length;
  }
  return tracks.size > 0 ? [...tracks.values()] : undefined;
}

/** The box that begins there; undefined when it does not end within the file. */
async function boxAt(file: FileHandle, at: number, size: number) {
  const head = Buffer.from(await bytesAt(file, at, 16));
  if (head.length < 8) return undefined;
  const short = head.readUInt32BE(0);
  if (short === 1 && head.length < 16) return undefined;
  const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short || size - at;
  return length < 8 || at + length > size ? undefined : { type: head.toString("latin1", 4, 8), length };
}

async function bytesAt(file: FileHandle, at: number, length: number) {
  const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}
