import { type PlainPicture, type PlainSound, plainPictureIn, plainSoundOf } from "#worker/mpegts/plain-media.ts";
import { type Box, boxesIn, textAt, unsignedAt } from "./boxes.ts";
import { decoderConfig } from "./codec-string.ts";

/** Fields and boxes of a visual sample entry (ISO/IEC 14496-12, 12.1.3). */
const visualFields = 78;
const visualBoxes = new Set(["avcC", "pasp", "colr", "btrt"]);

/** Reads the sample entry of plain pictures, of which the container says what they say; undefined for all others. */
export function plainPicture(entry: Box, shown: readonly [number, number]): PlainPicture | undefined {
  const { type, body } = entry;
  const config = type === "avc1" ? decoderConfig(entry) : undefined;
  const set = config && onlySequence(config);
  const found = set && plainPictureIn(set);
  if (!found || body.byteLength < visualFields) return undefined;
  const boxes = [...boxesIn(new DataView(body.buffer, body.byteOffset + visualFields, body.byteLength - visualFields))];
  const isSame =
    unsignedAt(body, 24) === found.width * 65_536 + found.height &&
    Math.abs(shown[0] / shown[1] / ((found.width * found.sampleAspect) / found.height) - 1) < 0.01;
  return isSame && boxes.every((box) => visualBoxes.has(box.type) && saysTheSame(box, found)) ? found : undefined;
}

/** The only sequence parameter set of an `avcC` (ISO/IEC 14496-15, 5.3.3.1.2), without what keeps start codes out of it. */
function onlySequence(config: Uint8Array): Uint8Array | undefined {
  const bytes = Buffer.from(config);
  // The lengths of units have four bytes, as everybody writes them.
  if (bytes.length < 8 || ((bytes[4] ?? 0) & 3) !== 3 || ((bytes[5] ?? 0) & 31) !== 1) return undefined;
  const unit = bytes.subarray(8, 8 + bytes.readUInt16BE(6));
  return Buffer.from(unit.toString("latin1").replaceAll("\0\0\x03", "\0\0"), "latin1");
}

function saysTheSame({ type, body }: Box, { sampleAspect, range, numbers }: PlainPicture): boolean {
  if (type === "pasp") return unsignedAt(body, 0) / unsignedAt(body, 4) === sampleAspect;
  if (type !== "colr") return true;
  const isNamed = range === "tv" && textAt(body, 0) === "nclx" && body.byteLength === 11 && body.getUint8(10) < 128;
  const { primaries, transfer, matrix } = numbers;
  return isNamed && unsignedAt(body, 4) === primaries * 65_536 + transfer && body.getUint16(8) === matrix;
}

/** Reads the sample entry of plain sound; undefined for all other. */
export function plainSound(entry: Box): PlainSound | undefined {
  const { type, body } = entry;
  const esds = type === "mp4a" && body.byteLength >= 28 && body.getUint16(8) === 0 ? decoderConfig(entry) : undefined;
  const specific = esds && specificIn(Buffer.from(esds).toString("hex"));
  if (!specific) return undefined;
  const bits = specific.readUInt16BE(0);
  const sound = plainSoundOf(bits >> 11, (bits >> 7) & 15, (bits >> 3) & 15);
  return sound?.sampleRate === body.getUint16(24) ? sound : undefined;
}

/** What a decoder of MPEG-4 sound is set up with, if it says no more than ffmpeg's own encoder does: no other rate. */
function specificIn(descriptors: string): Buffer | undefined {
  const found = /04(?:808080)?..40.{24}05(?:808080)?(?:02(.{4})|05(.{4})56e500)06(?:808080)?0102$/.exec(descriptors);
  const bytes = found?.[1] ?? found?.[2];
  return bytes === undefined ? undefined : Buffer.from(bytes, "hex");
}
