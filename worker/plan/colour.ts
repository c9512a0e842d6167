import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { filmTarget, isHdr, type KeptHdr } from "./hdr.ts";

/** What the numbers of a picture mean (ITU-T H.273), as ffmpeg names it. */
export type Colour = {
  /** Such as `bt709`. */
  matrix: string;
  /** Such as `bt709`. */
  primaries: string;
  /** Such as `bt709` or `smpte2084`. */
  transfer: string;
  /** `tv` for limited and `pc` for full range. */
  range: "tv" | "pc";
};

export const isRgb = ({ pixelFormat = "", matrix }: VideoStream) =>
  matrix === "gbr" || /^(0?rgb|0?bgr|gbr|argb|abgr|pal8|mono|x2rgb)/.test(pixelFormat);

/** As players guess it for what says nothing: BT.709 for HD, BT.601 for what is smaller. */
const isHd = ({ width, height, edits }: VideoStream) => {
  const stored = edits?.stored ?? { width, height };
  return stored.width >= 1_280 || stored.height > 576;
};

const primariesOf: Readonly<Record<string, string>> = {
  smpte170m: "smpte170m",
  bt470bg: "bt470bg",
  bt2020nc: "bt2020",
  bt2020c: "bt2020",
};
const matrixOf: Readonly<Record<string, string>> = {
  bt709: "bt709",
  smpte170m: "smpte170m",
  bt470bg: "bt470bg",
  bt470m: "smpte170m",
  bt2020: "bt2020nc",
  // P3 has no matrix of its own.
  smpte431: "bt709",
  smpte432: "bt709",
};

/** The colour of a source: what it says itself; where it says nothing, what its other tags and its size suggest. */
function colourOf(video: VideoStream): Colour {
  const range = video.range === "pc" || video.pixelFormat?.startsWith("yuvj") ? "pc" : "tv";
  const tagged = isRgb(video) ? "gbr" : video.matrix;
  const guess = isHd(video) || tagged !== undefined ? "bt709" : "smpte170m";
  const hdrGuess = isHdr(video) ? "bt2020" : undefined;
  const primaries = video.primaries ?? hdrGuess ?? primariesOf[tagged ?? ""] ?? guess;
  const matrix = tagged ?? matrixOf[primaries] ?? guess;
  return { matrix, primaries, transfer: video.transfer ?? transferOf(primaries), range };
}

const transferOf = (primaries: string) =>
  ({ bt2020: "bt2020-10", smpte170m: "smpte170m", bt470bg: "smpte170m" })[primaries] ?? "bt709";

// What televisions and browsers show as it is; other primaries come out pale or too strong.
const ordinaryPrimaries = new Set(["bt709", "smpte170m", "bt470bg", "bt470m", "smpte240m"]);
// What the scale filter can read; others need zscale.
const scaleNames: Readonly<Record<string, string>> = {
  bt709: "bt709",
  fcc: "fcc",
  smpte170m: "smpte170m",
  bt470bg: "bt470",
  smpte240m: "smpte240m",
  bt2020nc: "bt2020",
};

const scaleReads = (matrix: string) => matrix === "gbr" || matrix in scaleNames;

const needsConversion = (colour: Colour) =>
  isHdr(colour) || !ordinaryPrimaries.has(colour.primaries) || !scaleReads(colour.matrix);

const bt709: Colour = { matrix: "bt709", primaries: "bt709", transfer: "bt709", range: "tv" };
const sdMatrices = new Set(["smpte170m", "bt470bg"]);

/** The colour of a film made of this source: its own where players know it, else BT.709; always limited range. */
export function outputColour(video: VideoStream, target: "film" | "hdr" = "film"): Colour {
  const colour = colourOf(video);
  if (target === "hdr") return { matrix: "bt2020nc", primaries: "bt2020", transfer: colour.transfer, range: "tv" };
  if (needsConversion(colour)) return bt709;
  return { ...colour, matrix: sdMatrices.has(colour.matrix) ? colour.matrix : "bt709", range: "tv" };
}

/** What the colour of a rendition must be, by what it keeps of HDR. */
export const expectedColour = (video: VideoStream, hdr: KeptHdr | undefined) => ({
  colour: outputColour(video, filmTarget(hdr)),
  isToneMapped: isHdr(video) && !hdr,
  hdr,
});

/** What each kind of picture is read with: JPEG and lossy WebP know BT.601 only. */
const stills = {
  jpeg: { matrix: "smpte170m", range: "pc" },
  webp: { matrix: "smpte170m", range: "tv" },
} as const;
/** A film that is not HDR, one that stays it, or a kind of picture. */
export type Target = "film" | "hdr" | keyof typeof stills;

/** How the picture is read and written: options for the scale filter, and filters for after it. */
export function colourFilters(video: VideoStream, target: Target): { scale: string; after: string[] } {
  if (target === "hdr") return hdrFilters(video);
  const colour = colourOf(video);
  const film = outputColour(video);
  const wanted = target === "film" ? film : stills[target];
  const tags = target === "film" ? [tagsOf(film)] : [];
  if (needsConversion(colour)) return { scale: "", after: [...toBt709(colour), ...toStill(target), ...tags] };
  // What says its matrix may say another one later on: a film in HD follows an advertisement in SD.
  const matrix = video.matrix === undefined ? scaleNames[colour.matrix] : "auto";
  const input = colour.matrix === "gbr" ? "" : `:in_color_matrix=${matrix}:in_range=${colour.range}`;
  const output = `:out_color_matrix=${scaleNames[wanted.matrix]}:out_range=${wanted.range}`;
  return { scale: input + output, after: tags };
}

const tagsOf = ({ primaries, transfer, matrix, range }: Colour) =>
  `setparams=range=${range}:color_primaries=${primaries}:color_trc=${transfer}:colorspace=${matrix}`;

/** Makes of pictures that are not HDR, and have one colour of a film, those of another one. */
export function recoloured(from: Colour, to: Colour): string[] {
  const [input, output] = [scaleNames[from.matrix], scaleNames[to.matrix]];
  const scale = `scale=in_color_matrix=${input}:out_color_matrix=${output}:in_range=tv:out_range=tv`;
  const isSame = from.primaries === to.primaries && from.transfer === to.transfer && from.matrix === to.matrix;
  return [...(from.matrix === to.matrix ? [] : [scale]), ...(isSame ? [] : [tagsOf(to)])];
}

/** Keeps the brightness of HDR as it is, in the colours that players know of it. */
function hdrFilters(video: VideoStream) {
  const { matrix, primaries, transfer, range } = colourOf(video);
  const output = outputColour(video, "hdr");
  const after = [...withoutDynamic, tagsOf(output)];
  if (primaries === output.primaries && scaleReads(matrix)) {
    const input = matrix === "gbr" ? "" : `:in_color_matrix=${scaleNames[matrix]}:in_range=${range}`;
    return { scale: `${input}:out_color_matrix=bt2020:out_range=tv`, after };
  }
  const input = `tin=${transfer}:pin=${primaries}:min=${matrix}:rin=${range}`;
  return { scale: "", after: [`zscale=${input}:t=${transfer}:p=bt2020:m=bt2020nc:r=tv`, ...after] };
}

/**
 * What tells a display how to show each scene is true of the source's own encode: HDR10+, and the metadata of Dolby Vision, raw
 * (23) and parsed (24), of which ffmpeg 5.1 knows the numbers alone. None of the ffmpegs that are tested hands it on, and
 * encoders of others know how to.
 */
const withoutDynamic = ["DYNAMIC_HDR_PLUS", "23", "24"].map((type) => `sidedata=mode=delete:type=${type}`);

/** What makes of a picture in RGB with alpha one that is to lie beside, or over, what `colourFilters` makes. */
export function painted(video: VideoStream, target: Target, size?: { width: number; height: number }): string[] {
  const scale = size ? `scale=w=${size.width}:h=${size.height}:flags=bicubic` : undefined;
  if (target === "hdr") {
    const { transfer } = outputColour(video, "hdr");
    // White is as bright as it is in HDR that was made of SDR (ITU-R BT.2408).
    const bright = `zscale=tin=iec61966-2-1:pin=bt709:min=gbr:rin=pc:t=${transfer}:p=bt2020:m=bt2020nc:r=tv:npl=203`;
    return ["format=gbrap", ...(scale ? [scale] : []), bright, "format=yuva420p10le"];
  }
  const { matrix, range } = target === "film" ? outputColour(video) : stills[target];
  const colours = `out_color_matrix=${scaleNames[matrix]}:out_range=${range}`;
  return ["format=rgba", scale ? `${scale}:${colours}` : `scale=${colours}`, "format=yuva420p"];
}

// First the film's own picture, of which a player cuts off what it cannot show in RGB, then what JPEG makes of that.
const toStill = (target: Exclude<Target, "hdr">) =>
  target === "film"
    ? []
    : // zscale would hand on RGB, which has no range to expand.
      [
        "format=yuv444p",
        `scale=in_color_matrix=bt709:in_range=tv:out_color_matrix=smpte170m:out_range=${stills[target].range}`,
      ];

// zscale refuses to guess, so that all is told. After tone mapping what describes the HDR picture is no longer true.
function toBt709({ matrix, primaries, transfer, range }: Colour): string[] {
  const input = `tin=${transfer}:pin=${primaries}:min=${matrix}:rin=${range}`;
  if (!isHdr({ transfer })) return [`zscale=${input}:t=bt709:p=bt709:m=bt709:r=tv`];
  return [
    `zscale=${input}:t=linear:npl=100`,
    "format=gbrpf32le",
    "zscale=p=bt709",
    "tonemap=tonemap=hable:desat=0",
    "zscale=t=bt709:m=bt709:r=tv",
    "sidedata=mode=delete:type=MASTERING_DISPLAY_METADATA",
    "sidedata=mode=delete:type=CONTENT_LIGHT_LEVEL",
  ];
}
