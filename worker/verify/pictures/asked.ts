import { colourDigits } from "#shared/job/colour-names.ts";
import type { Picture } from "#shared/job/picture.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { uprightSize } from "#worker/plan/picture.ts";
import { fitted, type Grid, type Rgb } from "./grid.ts";

/** What a preset asks of pictures, told by its words alone: what the plan makes of them is what is verified. */
export type Asked = {
  /** The filters that make of a picture of the source, upright, what is to be seen of it. */
  filters: readonly string[];
  /** The shape of what is to be seen of a picture of this shape, each width by height. */
  shapeOf(shape: number): number;
  /** What is to be seen, as it lies in a frame; `ratio` is its shape by that of the frame. */
  inFrame(grid: Grid, ratio: number): Grid;
  /** The shape of the frame, where it is asked for. */
  frameShape: number | undefined;
};

type Size = { width: number; height: number };
/** Each from 0 to 1: where the part begins, and how much of the whole it is. */
type Part = { x: number; y: number; width: number; height: number };

/** What is asked of the pictures of this source. */
export function askedOf(picture: Picture, video: VideoStream): Asked {
  const { rotate = 0, width, height, fit = "contain", background = "black" } = picture;
  const isTurned = rotate % 180 === 90;
  const upright = uprightSize(video);
  const turned = isTurned ? { width: upright.height, height: upright.width } : upright;
  const kept = partOf(turned, picture.crop);
  const frameShape = width && height ? width / height : undefined;
  const covered = frameShape && fit === "cover" ? coveredPart(kept, frameShape) : kept;
  const share: Part = {
    ...{ x: covered.x / turned.width, y: covered.y / turned.height },
    ...{ width: covered.width / turned.width, height: covered.height / turned.height },
  };
  const digits = Buffer.from(colourDigits(background) ?? "000000", "hex");
  const bars: Rgb = [digits[0] ?? 0, digits[1] ?? 0, digits[2] ?? 0];
  return {
    filters: [...turns[rotate], ...cut(share)],
    shapeOf: (shape) => ((isTurned ? 1 / shape : shape) * share.width) / share.height,
    inFrame: (grid, ratio) => (fit === "stretch" ? grid : fitted(grid, ratio, bars)),
    frameShape,
  };
}

const turns = { 0: [], 90: ["transpose=dir=clock"], 180: ["hflip", "vflip"], 270: ["transpose=dir=cclock"] } as const;

const partOf = ({ width, height }: Size, crop?: Part): Part => crop ?? { x: 0, y: 0, width, height };

/** The middle of a part, in another shape. */
function coveredPart({ x, y, width, height }: Part, shape: number): Part {
  const [wide, high] = [Math.min(width, height * shape), Math.min(height, width / shape)];
  return { x: x + (width - wide) / 2, y: y + (height - high) / 2, width: wide, height: high };
}

const cut = ({ x, y, width, height }: Part): string[] =>
  width > 0.999 && height > 0.999 ? [] : [`crop=w=iw*${width}:h=ih*${height}:x=iw*${x}:y=ih*${y}`];
