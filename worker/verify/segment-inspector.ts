import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import type { SegmentKey } from "#worker/delivery/encryption-key.ts";
import { boxesOf } from "#worker/mp4/file-boxes.ts";
import { firstSampleEnds } from "#worker/mp4/first-sample.ts";
import { addFragment } from "#worker/mp4/segment.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { SegmentTrack } from "./segment-track.ts";
import { tsContents } from "./ts-contents.ts";

/** What a segment holds; undefined when it cannot be read as media. */
export type SegmentContents = readonly SegmentTrack[] | undefined;

export type SegmentInspector = ReturnType<typeof makeSegmentInspector>;

/** What captions in pictures begin with, in H.264 and H.265 (ATSC A/53 part 4, 6.2.3). */
const captionMark = Buffer.from([0xb5, 0x00, 0x31, 0x47, 0x41, 0x39, 0x34]);

/**
 * Reads the segments of an output, each once: a segment may be gone from the disk when the output is verified. `key` is what
 * MPEG-TS is encrypted with.
 */
export function makeSegmentInspector({ isMedia, captions = [] }: Pick<Plan, "isMedia" | "captions">, key?: SegmentKey) {
  const contents = new Map<string, SegmentContents>();
  const captioned = new Set<string>();
  return {
    /** Reads a file unless it is no segment. */
    async inspect(path: string): Promise<void> {
      const name = basename(path);
      if (!isMedia(name) || contents.has(name)) return;
      if (captions.length > 0 && (await holds(path, captionMark))) captioned.add(name);
      contents.set(name, await contentsOf(path, key));
    },
    /** What each segment holds, by its name. */
    contents: contents as ReadonlyMap<string, SegmentContents>,
    /** The segments in whose pictures are captions; only looked for where there must be some. */
    captioned: captioned as ReadonlySet<string>,
  };
}

const openToRead = (path: string) => open(path, constants.O_RDONLY | constants.O_NOFOLLOW);

/** Whether some bytes are anywhere in a file; in one of many packets of MPEG-TS they may be divided. */
async function holds(path: string, wanted: Buffer): Promise<boolean> {
  await using file = await openToRead(path);
  const buffer = Buffer.alloc(2 ** 20);
  for (let at = 0; ; at += buffer.length - wanted.length) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (buffer.subarray(0, bytesRead).includes(wanted)) return true;
    if (bytesRead < buffer.length) return false;
  }
}

/** Reads a segment of MPEG-TS or of fragmented MP4, by its name. Never follows a link. */
async function contentsOf(path: string, key: SegmentKey | undefined): Promise<SegmentContents> {
  await using file = await openToRead(path);
  return await (path.endsWith(".ts") ? tsContents(file, key) : mp4Contents(file));
}

// A fragment of ten seconds has an index of some kilobytes, and a segment has one fragment or a few.
const mostIndexBytes = 2 ** 20;
const mostBoxes = 4_096;

/** Only the indexes are read: the media between them say nothing of their times. */
async function mp4Contents(file: FileHandle): Promise<SegmentContents> {
  const { size } = await file.stat();
  const tracks = new Map<number, SegmentTrack>();
  let [boxes, end] = [0, 0];
  for await (const { type, at, length } of boxesOf(file)) {
    boxes += 1;
    end = at + length;
    if (end > size || boxes > mostBoxes) return undefined;
    if (type !== "moof") continue;
    const index = await bytesAt(file, at, Math.min(length, mostIndexBytes));
    if (!addFragment(tracks, index)) return undefined;
    for (const [id, within] of firstSampleEnds(index)) setFirstEnd(tracks.get(id), at + within);
  }
  return end === size && tracks.size > 0 ? [...tracks.values()] : undefined;
}

function setFirstEnd(track: SegmentTrack | undefined, end: number) {
  if (track) track.firstEnd ??= end;
}

async function bytesAt(file: FileHandle, at: number, length: number) {
  const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}
