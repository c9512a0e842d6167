import type { FrameShape, VideoStream } from "#worker/ffmpeg/streams.ts";
import { burning } from "./burned.ts";
import { clipPictures } from "./clip.ts";
import { colourFilters, type Target } from "./colour.ts";
import { wholeFields } from "./deinterlace.ts";
import { fitInto, padTo } from "./fit-into.ts";
import { framed } from "./frame.ts";
import { overlaying } from "./overlay.ts";

/**
 * What is done to the pictures of a source before all else, once for all that is made of them: interlaced ones become whole
 * ones, those of the clip are left, and what the preset asks for is done to these; nothing for others.
 */
export const wholePictures = (video: VideoStream): readonly string[] =>
  video.edits?.filters ?? [...wholeFields(video, "interlaced"), ...clipPictures(video)];

type Size = { width: number; height: number };
type ExpectedSize = { size: number; frame?: Size; isPadded?: boolean };

type Look = {
  /** What the picture is for; a film unless told. */
  target?: Target;
  /** The shape of the picture, such as `16/9`, where rounded sides must not change it; otherwise pixels are square. */
  shape?: string;
  /** The least that both sides must have; bars fill the rest. */
  leastSide?: number;
  /** The width of a picture with such bars by its height, where it must be that of others. */
  ratio?: number;
  /** Tells what is made of a source in one size and for one target apart. Default: the target. */
  name?: string;
};

/** Makes a picture that every player shows, of a source whose times are those of the output. */
export const shown = (video: VideoStream, size: number, look: Look = {}): string[] => [
  ...resized(video, size, look),
  ...laidOver(video, size, look),
];

/**
 * What `shown` begins with: at most `size` on the short side, one frame size throughout, 8 bits and not HDR unless it is to
 * stay that.
 */
export function resized(
  video: VideoStream,
  size: number,
  { target = "film", shape, name = target, ...sides }: Look = {},
): string[] {
  const { scale, after } = colourFilters(video, target);
  if (video.edits?.frame) {
    const { fitted, bars } = framed(video, sizeWithin(video, size), { target, name });
    return [
      ...[fitted + scale, "setsar=1", ...after, `format=${pixelFormats[target]}`, ...bars],
      ...padded(video, size, sides),
      ...(shape === undefined ? [] : [`setdar=dar=${shape}:max=65535`]),
    ];
  }
  const fitted = isFitted(video)
    ? fitInto(video, sizeWithin(video, size), scale)
    : [shrinkTo(size, isTurned(video)) + scale];
  return [
    ...fitted,
    ...padded(video, size, sides),
    shape === undefined ? "setsar=1" : `setdar=dar=${shape}:max=65535`,
    ...after,
    `format=${pixelFormats[target]}`,
  ];
}

function padded(video: VideoStream, size: number, sides: Pick<Look, "leastSide" | "ratio">): string[] {
  const { leastSide = 0 } = sides;
  if (leastSide === 0) return [];
  const { width, height } = isLess(sizeWithin(video, size), leastSide)
    ? sizeOf(video, size, sides)
    : { width: leastSide, height: leastSide };
  return [padTo(`max(iw,${width})`, `max(ih,${height})`)];
}

const isLess = ({ width, height }: Size, side: number) => Math.min(width, height) < side;

/**
 * What `shown` ends with. In films it comes after their rate: what is shown from some moment on, or moves, does so over a
 * picture that stands as well.
 */
export function laidOver(
  video: VideoStream,
  size: number,
  { target = "film", name = target, ...sides }: Look = {},
): string[] {
  const within = sizeWithin(video, size);
  const whole = sizeOf(video, size, sides);
  const [left, top] = [(whole.width - within.width) / 2, (whole.height - within.height) / 2].map(Math.floor);
  return [
    ...burning(video, target),
    ...overlaying(video, { size: within, target, name, left: left ?? 0, top: top ?? 0 }),
  ];
}

const pixelFormats: Readonly<Record<Target, string>> = {
  film: "yuv420p",
  hdr: "yuv420p10le",
  jpeg: "yuvj420p",
  webp: "yuv420p",
};

/**
 * Options of the input for a picture whose size may change on the way: ffmpeg would make all filters anew at each
 * change, and each would fill its output from zero again.
 */
export const pictureOptions = (video: VideoStream | undefined): string[] =>
  video && (video.edits?.maySizeChange ?? maySizeChange(video)) ? ["-reinit_filter:v", "0"] : [];

/**
 * Whether the pictures of a source may change their size. Calls change that of VP8, VP9 and AV1 between keyframes too, and
 * nothing but decoding all of it would tell.
 */
export const maySizeChange = ({ shapes, codec, rotation }: VideoStream) =>
  rotation === 0 && (shapes !== undefined || /^(vp8|vp9|av1)$/.test(codec));

// What a preset asks for is done to pictures that were brought to one size.
const isFitted = (video: VideoStream) => !video.edits && maySizeChange(video);

/**
 * The picture as a player shows it: upright and with square pixels. When it changes, the first of the largest; where it is
 * brought into a frame, that.
 */
export function uprightSize(video: VideoStream): Size {
  const { width, height, sampleAspect, rotation, shapes, edits } = video;
  if (edits?.frame) return edits.frame;
  if (edits) return squareSize(video, edits);
  if (shapes)
    return shapes.map((one) => squareSize(one)).reduce((one, other) => (area(other) > area(one) ? other : one));
  const shown = squareSize({ width, height, sampleAspect });
  return rotation % 180 === 90 ? { width: shown.height, height: shown.width } : shown;
}

/**
 * The size of a picture in square pixels. All lines are kept and get wider or narrower, as players do it; of one that was
 * turned they are columns by then.
 */
export const squareSize = (
  { width, height, sampleAspect }: Omit<FrameShape, "fromSeconds">,
  { isTurned = false }: { isTurned?: boolean } = {},
): Size => (isTurned ? { width, height: height / sampleAspect } : { width: width * sampleAspect, height });

const isTurned = ({ rotation, edits }: VideoStream) => (edits ? edits.isTurned === true : rotation % 180 === 90);
const area = ({ width, height }: Size) => width * height;

export function shortSide(video: VideoStream) {
  const { width, height } = uprightSize(video);
  return Math.min(width, height);
}

/** The short side that the best rendition may have: that of its frame where there is one, whatever its preset says. */
export const bestSize = (video: VideoStream, size: number) => (video.edits?.frame ? shortSide(video) : size);

/** The size of what `shown` makes. */
export function sizeOf(video: VideoStream, size: number, { leastSide = 0, ratio }: Look = {}): Size {
  const within = sizeWithin(video, size);
  const least = { width: Math.max(within.width, leastSide), height: Math.max(within.height, leastSide) };
  if (ratio === undefined || !isLess(within, leastSide)) return least;
  const even = (side: number) => 2 * Math.round(side / 2);
  return {
    width: Math.max(least.width, even(least.height * ratio)),
    height: Math.max(least.height, even(least.width / ratio)),
  };
}

/** The size that verification asks for: the very frame, where the preset names one. */
export function expectedSize(video: VideoStream, size: number, look: Look): ExpectedSize {
  const { leastSide = 0 } = look;
  return {
    size: Math.max(size, leastSide),
    ...(video.edits?.frame && { frame: sizeOf(video, size, look) }),
    ...(isLess(sizeWithin(video, size), leastSide) && { isPadded: true }),
  };
}

/** The size of the picture in it, without bars. */
export function sizeWithin(video: VideoStream, size: number): Size {
  const { width, height } = uprightSize(video);
  const factor = Math.min(1, size / Math.min(width, height));
  const even = (side: number) => Math.max(2, 2 * Math.floor((side * factor) / 2 + 0.01));
  return { width: even(width), height: even(height) };
}

// Even sides, never larger than the source. ffmpeg has turned the picture upright by then.
function shrinkTo(size: number, isTurned: boolean) {
  const [width, height] = isTurned ? ["iw", "ih/sar"] : ["iw*sar", "ih"];
  const factor = `min(1,${size}/min(${width},${height}))`;
  const even = (side: string) => `'max(2,2*floor(${side}*${factor}/2+0.01))'`;
  return `scale=w=${even(width)}:h=${even(height)}:flags=bicubic`;
}
