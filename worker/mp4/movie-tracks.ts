import { type Box, boxesAt, boxesIn, flagsOf, signedAt, textAt, unsignedAt, versionOf } from "./boxes.ts";

/** A track of a movie as its header describes it. */
export type MovieTrack = {
  /** `vide`, `soun` or another. */
  handler: string;
  isEnabled: boolean;
  /** Ticks a second. */
  timescale: number;
  /** Three letters (ISO 639-2); undefined where the file has none. */
  language: string | undefined;
  /** Where what is shown begins, and how long it is, in ticks of the track; undefined where all of it is shown. */
  edit: { begin: number; length: number } | undefined;
  /** Its width and height as they are shown, in pixels. */
  shown: readonly [width: number, height: number];
  entry: Box;
  sampleTable: DataView;
};

/**
 * The tracks of a movie (`moov`; ISO/IEC 14496-12, 8.2 to 8.6) that consist of what ffmpeg writes for a film of pictures
 * and sound: undefined where there is anything else, such as a picture that is turned, or a second edit.
 */
export function plainTracks(movie: DataView): MovieTrack[] | undefined {
  const [moov] = boxesAt(movie, "moov");
  const [mvhd] = moov ? boxesAt(moov, "mvhd") : [];
  if (!moov || !mvhd) return undefined;
  const movieScale = unsignedAt(mvhd, versionOf(mvhd) === 1 ? 20 : 12);
  const traks = boxesAt(moov, "trak");
  if (traks.length > mostTracks) return undefined;
  const known = traks.flatMap((trak) => trackOf(trak, movieScale) ?? []);
  return known.length === traks.length && known.length > 0 ? known : undefined;
}

const mostTracks = 16;

const partsOfTrack = new Set(["tkhd", "edts", "mdia", "free"]);

function trackOf(trak: DataView, movieScale: number): MovieTrack | undefined {
  const one = (path: string) => boxesAt(trak, path)[0];
  const [tkhd, mdhd, hdlr, stbl] = [one("tkhd"), one("mdia/mdhd"), one("mdia/hdlr"), one("mdia/minf/stbl")];
  const stsd = stbl && boxesAt(stbl, "stsd")[0];
  // Both have longer fields in version 1, which ffmpeg writes for times beyond 32 bits.
  if (!tkhd || !mdhd || !hdlr || !stsd || versionOf(tkhd) !== 0 || versionOf(mdhd) !== 0) return undefined;
  if (stsd.byteLength < 8 || !isSelfContained(one("mdia/minf/dinf/dref"))) return undefined;
  const isPlain = [...boxesIn(trak)].every(({ type }) => partsOfTrack.has(type));
  const timescale = unsignedAt(mdhd, 12);
  const edit = editOf(one("edts/elst"), { movieScale, timescale });
  const [entry, ...others] = boxesIn(new DataView(stsd.buffer, stsd.byteOffset + 8, stsd.byteLength - 8));
  if (!isPlain || !isUpright(tkhd) || edit === "several" || !entry || others.length > 0 || timescale === 0)
    return undefined;
  return {
    handler: textAt(hdlr, 8),
    isEnabled: (flagsOf(tkhd) & 1) === 1,
    ...{ timescale, edit, entry, language: languageIn(unsignedAt(mdhd, 20) >>> 16) },
    shown: [unsignedAt(tkhd, 76) / 65_536, unsignedAt(tkhd, 80) / 65_536],
    sampleTable: stbl,
  };
}

/** Whether the media lie in this very file (8.7.2). */
const isSelfContained = (dref: DataView | undefined) =>
  dref !== undefined && unsignedAt(dref, 4) === 1 && textAt(dref, 12) === "url " && unsignedAt(dref, 16) === 1;

/** The matrix of a picture that is neither turned nor scaled (8.3.2). */
const upright = [0x1_00_00, 0, 0, 0, 0x1_00_00, 0, 0, 0, 0x40_00_00_00];
const isUpright = (tkhd: DataView) => upright.every((value, at) => unsignedAt(tkhd, 40 + at * 4) === value);

/** Three letters of five bits (8.4.2). */
function languageIn(packed: number): string | undefined {
  const letters = [packed >> 10, packed >> 5, packed].map((bits) => (bits & 31) + 0x60);
  return letters.every((letter) => letter > 0x60 && letter <= 0x7a) ? String.fromCharCode(...letters) : undefined;
}

/** One edit that plays at its own speed from a sample on (8.6.6). */
function editOf(
  elst: DataView | undefined,
  { movieScale, timescale }: { movieScale: number; timescale: number },
): MovieTrack["edit"] | "several" {
  if (!elst) return undefined;
  const begin = signedAt(elst, 12);
  const isOne = versionOf(elst) === 0 && unsignedAt(elst, 4) === 1 && unsignedAt(elst, 16) === 0x1_00_00;
  if (!isOne || begin < 0 || movieScale === 0) return "several";
  return { begin, length: Math.round((unsignedAt(elst, 8) * timescale) / movieScale) };
}
