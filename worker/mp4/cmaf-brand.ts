import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { initTracks } from "#worker/verify/fragments.ts";
import { boxesAt, boxesIn, textAt, viewOf } from "./boxes.ts";

// Init segments are some hundred bytes long, and what kind a segment is stands at its beginning.
const headBytes = 2 ** 16;

/** What ffmpeg says in the place of the brands of CMAF. A file that has fragments is no MP4 of version 1 anyway. */
const replaced = { ftyp: "mp41", styp: "msix" };

/**
 * Says of an init segment or a media segment of CMAF that it is one (ISO/IEC 23000-19), without changing its size. ffmpeg's
 * own flag for that moves pictures behind zero since 7.1. Never follows a link; what has been marked stays as it is.
 */
export async function addCmafBrand(path: string): Promise<void> {
  await using file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
  const { buffer, bytesRead } = await file.read(new Uint8Array(headBytes), 0, headBytes, 0);
  for (const { at, text } of cmafChanges(buffer.subarray(0, bytesRead))) await file.write(text, at, "latin1");
}

/** What is to be written where, in bytes from the beginning. */
export function cmafChanges(head: Uint8Array): { at: number; text: string }[] {
  const [first] = boxesIn(viewOf(head));
  if (first?.type !== "ftyp" && first?.type !== "styp") return [];
  const at = brandsIn(first.body).indexOf(replaced[first.type]);
  if (at < 0) return [];
  const brand = { at: first.body.byteOffset - head.byteOffset + brandsAt + at * 4 };
  if (first.type === "styp") return [{ ...brand, text: "cmfs" }];
  const edits = emptyEdits(head);
  return edits ? [{ ...brand, text: "cmf2" }, ...edits] : [{ ...brand, text: "cmfc" }];
}

/** The major brand and its version precede the compatible brands (ISO/IEC 14496-12, 4.3). */
const brandsAt = 8;

const brandsIn = (body: DataView) =>
  Array.from({ length: Math.max(0, body.byteLength - brandsAt) / 4 }, (_, at) => textAt(body, brandsAt + at * 4));

/**
 * `cmf2` (7.7) wants composition offsets of a picture that may be negative, and no edit list: where the list of a picture
 * hides nothing, its offsets count from the first picture, and the list is made free space. Undefined where the track is no
 * picture, or one whose list hides something, as `cmfc` allows.
 */
function emptyEdits(head: Uint8Array) {
  const pictures = initTracks(head).filter(({ kind }) => kind === "video");
  if (pictures.length === 0 || pictures.some(({ edits }) => edits.some(({ mediaTime }) => mediaTime !== 0)))
    return undefined;
  return boxesAt(viewOf(head), "moov/trak/edts").map(({ byteOffset }) => ({
    at: byteOffset - head.byteOffset - 4,
    text: "free",
  }));
}
