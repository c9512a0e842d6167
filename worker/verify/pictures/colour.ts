import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import type { Conversion } from "./sample-frames.ts";

/** How pictures of a source become RGB by what they say of themselves: the plan's own reading is what is verified. */
export type Reading = {
  /** Any of these may be right: either field of what is interlaced, and any usual matrix of what says none. */
  right: readonly Conversion[];
  /** As if its primaries were others; empty where those are not looked at. */
  wrong: readonly Conversion[];
  /** Whether the tags say enough to tell right colours from wrong ones. */
  judgesColours: boolean;
};

const shownAsTheyAre = new Set([undefined, "bt709", "smpte170m", "bt470bg", "bt470m", "smpte240m"]);
const scaleReads = new Set(["bt709", "fcc", "smpte170m", "bt470bg", "smpte240m", "bt2020nc"]);
export const isHdr = (transfer: string | undefined) => transfer === "smpte2084" || transfer === "arib-std-b67";

/** Undefined when its pictures cannot be compared. */
export function readingOf(video: VideoStream): Reading | undefined {
  const reading = readingOfPicture(video);
  if (!reading || !video.interlaced) return reading;
  const fields = [{}, { field: "top" }, { field: "bottom" }] as const;
  return { ...reading, right: reading.right.flatMap((way) => fields.map((field) => ({ ...way, ...field }))) };
}

function readingOfPicture(video: VideoStream): Reading | undefined {
  const { matrix, primaries, transfer, pixelFormat = "" } = video;
  // What shows through is filled in one way or another.
  if (/^(yuva|rgba|bgra|argb|abgr|gbrap|ya|pal8)/.test(pixelFormat)) return undefined;
  if (isHdr(transfer) || !shownAsTheyAre.has(primaries)) return convertedReading(video);
  const isRgb = matrix === "gbr" || /^(0?rgb|0?bgr|gbr|x2rgb)/.test(pixelFormat);
  if (isRgb) return { right: [{}], wrong: [], judgesColours: true };
  if (/^(gray|mono)/.test(pixelFormat)) return { right: [{}], wrong: [], judgesColours: false };
  if (matrix === undefined) {
    return { right: [{ matrix: "bt601" }, { matrix: "bt709" }], wrong: [], judgesColours: false };
  }
  return scaleReads.has(matrix) ? { right: [{}], wrong: [], judgesColours: true } : undefined;
}

/** How an output is read: by its own tags, and like its source where it is still HDR. */
export const readingOfOutput = (video: VideoStream): Conversion =>
  (isHdr(video.transfer) && convertedReading(video)?.right[0]) || {};

/** Of HDR and wide gamut, whose tags must be complete. */
function convertedReading({ matrix, primaries, transfer }: VideoStream): Reading | undefined {
  if (matrix === undefined || primaries === undefined || transfer === undefined) return undefined;
  const steps = isHdr(transfer) ? toneMapping : [toBt709];
  const convert = (...before: readonly string[]): Conversion => ({
    factor: 4,
    filters: ["format=yuv444p12", ...before, ...steps, "format=yuv444p"],
  });
  const others = ["bt709", "bt2020", "smpte432"].filter((other) => other !== primaries);
  return {
    right: [convert()],
    wrong: others.map((other) => convert(`setparams=color_primaries=${other}`)),
    judgesColours: true,
  };
}

// zscale reads the tags of the pictures themselves here. It is for a few small pictures: it takes long for large ones.
const toBt709 = "zscale=t=bt709:p=bt709:m=bt709:r=tv";
const toneMapping = [
  ...["zscale=t=linear:npl=100", "format=gbrpf32le", "zscale=p=bt709"],
  ...["tonemap=tonemap=hable:desat=0", "zscale=t=bt709:m=bt709:r=tv"],
];
