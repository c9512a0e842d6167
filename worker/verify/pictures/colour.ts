import type { VideoStream } from "#worker/ffmpeg/media.ts";
import { asItIs, type Conversion } from "./sample-frames.ts";

/** How pictures of a source become RGB by what they say of themselves: the plan's own reading is what is verified. */
export type Reading = {
  /** What can be compared: all of it, or light and dark alone where the tags do not say enough. */
  sees: "colours" | "light";
  /** First by their tags, then as if their primaries were others, where those are looked at. */
  ways: readonly [Conversion, ...Conversion[]];
};

const shownAsTheyAre = new Set([undefined, "bt709", "smpte170m", "bt470bg", "bt470m", "smpte240m"]);
const scaleReads = new Set(["bt709", "fcc", "smpte170m", "bt470bg", "smpte240m", "bt2020nc"]);
const isHdr = (transfer: string | undefined) => transfer === "smpte2084" || transfer === "arib-std-b67";

/** Undefined when its pictures cannot be compared. */
export function readingOf(video: VideoStream): Reading | undefined {
  const { matrix, primaries, transfer, pixelFormat = "" } = video;
  // What shows through is filled in one way or another.
  if (/^(yuva|rgba|bgra|argb|abgr|gbrap|ya|pal8)/.test(pixelFormat)) return undefined;
  if (isHdr(transfer) || !shownAsTheyAre.has(primaries)) return convertedReading(video);
  const isRgb = matrix === "gbr" || /^(0?rgb|0?bgr|gbr|x2rgb)/.test(pixelFormat);
  if (isRgb) return { ways: [asItIs], sees: "colours" };
  const isLight = matrix === undefined || /^(gray|mono)/.test(pixelFormat);
  if (isLight) return { ways: [lightAlone], sees: "light" };
  return scaleReads.has(matrix) ? { ways: [asItIs], sees: "colours" } : undefined;
}

/** Of HDR and wide gamut, whose tags must be complete. */
function convertedReading({ matrix, primaries, transfer }: VideoStream): Reading | undefined {
  if (matrix === undefined || primaries === undefined || transfer === undefined) return undefined;
  const convert = isHdr(transfer) ? fromHdr : fromWide;
  const others = ["bt709", "bt2020", "smpte432"].filter((other) => other !== primaries);
  return {
    ways: [convert(), ...others.map((other) => convert(`setparams=color_primaries=${other}`))],
    sees: "colours",
  };
}

/** Of a picture that does not say how to read its colours. */
const lightAlone: Conversion = { factor: 1, filters: ["scale=out_range=pc", "format=gray"] };

// zscale reads the tags of the pictures themselves here. It is for a few small pictures: it takes long for large ones.
const factor = 4;
const toFilm = "zscale=t=bt709:p=bt709:m=bt709:r=tv";
const fromWide = (...before: readonly string[]): Conversion => ({
  factor,
  filters: ["format=yuv444p12", ...before, toFilm, "format=yuv444p"],
});
const fromHdr = (...before: readonly string[]): Conversion => ({
  factor,
  filters: [
    ...["format=yuv444p12", ...before, "zscale=t=linear:npl=100", "format=gbrpf32le", "zscale=p=bt709"],
    ...["tonemap=tonemap=hable:desat=0", "zscale=t=bt709:m=bt709:r=tv", "format=yuv444p"],
  ],
});

/** How pictures of an output are read that are held against those of a source: it is tagged, and never HDR. */
export const asShown = ({ sees }: Reading): Conversion => (sees === "light" ? lightAlone : asItIs);
