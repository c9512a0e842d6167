import { nameBySignature } from "./format-signatures.ts";
import { nameOfText } from "./text-formats.ts";

/** What is looked at of a file; what comes after it tells no more. */
export const formatBytes = 4_096;

/**
 * What a file is by its first bytes, in words that follow "the source is": "a PDF", "an HLS playlist", "nothing but
 * zeros". Undefined where nobody can tell. It names what ffmpeg reads as well, and says nothing about the rest of it.
 */
export function nameOfFormat(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, formatBytes));
  if (head.length === 0) return "empty";
  const latin = head.toString("latin1");
  return (
    nameOfZip(head, latin) ??
    nameOfBoxes(latin) ??
    nameByContent(latin) ??
    nameBySignature(head) ??
    (head.every((byte) => byte === 0) ? "nothing but zeros" : nameOfText(decoded(head)))
  );
}

/** Kinds that are told from others by what comes a little later. */
function nameByContent(latin: string): string | undefined {
  if (latin.startsWith("\x89PNG") && /acTL[\s\S]*?IDAT/.test(latin)) return "an animated PNG (APNG)";
  if (latin.startsWith("\x1aE\xdf\xa3")) return latin.slice(0, 64).includes("webm") ? "a WebM file" : "a Matroska file";
  const isPdf = latin.startsWith("%PDF-") || /\s%PDF-\d/.test(latin.slice(0, 1_024));
  return isPdf ? "a PDF" : undefined;
}

/** As text, by its byte order mark, or as UTF-8. */
function decoded(bytes: Buffer): string {
  const mark = bytes.toString("latin1", 0, 2);
  if (mark === "\xff\xfe") return new TextDecoder("utf-16le").decode(bytes);
  return new TextDecoder(mark === "\xfe\xff" ? "utf-16be" : "utf-8").decode(bytes);
}

/** What packages hold is told by the name, or the content, of their first entry. */
function nameOfZip(head: Buffer, latin: string): string | undefined {
  if (!latin.startsWith("PK\x03\x04") || head.length < 30) return undefined;
  const names = head.readUInt16LE(26);
  const name = latin.slice(30, 30 + names);
  const content = latin.slice(30 + names + head.readUInt16LE(28));
  if (name === "mimetype" && content.startsWith("application/epub+zip")) return "an EPUB book";
  if (name === "mimetype" && content.startsWith("application/vnd.oasis.opendocument")) return "an OpenDocument file";
  if (/^(\[Content_Types\]\.xml|_rels\/|docProps\/)/.test(name)) return "an Office document";
  return (head.readUInt16LE(6) & 1) === 1 ? "a ZIP archive that is encrypted" : "a ZIP archive";
}

const brands = [
  [/^(hei|hev|mif1|msf1)/, "a HEIC picture"],
  [/^avi[fs]/, "an AVIF picture"],
  [/^crx /, "a camera's raw photo (CR3)"],
  [/^odcf/, "a film that is encrypted (OMA DRM)"],
  [/^qt/, "a QuickTime movie"],
  [/^/, "an MP4 file"],
] as const;

/** Films and pictures made of boxes, the family of MP4 and QuickTime. */
function nameOfBoxes(latin: string): string | undefined {
  const type = latin.slice(4, 8);
  if (/^(styp|moof|sidx|emsg|prft)$/.test(type)) return "a segment of a film without its beginning (fragmented MP4)";
  if (!/^(ftyp|moov|mdat|free|skip|wide|pnot)$/.test(type)) return undefined;
  // Sample entries that protected films alone have.
  if (/(encv|enca|drms|drmi)[\s\S]{0,200}?(sinf|esds|avcC)/.test(latin)) return "a film that is encrypted (MP4)";
  if (type !== "ftyp") return "a QuickTime movie";
  return brands.find(([brand]) => brand.test(latin.slice(8, 12)))?.[1];
}
