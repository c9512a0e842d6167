import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { painted, type Target } from "./colour.ts";

type Size = { width: number; height: number };

type Kind = {
  target: Target;
  /** Tells the bars of one chain of a graph from those of others. */
  name: string;
};

/** What brings a picture into a frame of this size: the scale filter without its colours, and filters for the very end. */
export function framed(video: VideoStream, size: Size, kind: Kind): { fitted: string; bars: string[] } {
  const colour = video.edits?.frame?.bars;
  const inner = colour === undefined ? size : innerSize(video, size);
  const fitted = `scale=w=${inner.width}:h=${inner.height}:flags=bicubic`;
  const isFull = inner.width === size.width && inner.height === size.height;
  return { fitted, bars: colour === undefined || isFull ? [] : barsAround(video, [inner, size], { ...kind, colour }) };
}

/** The size of all of a picture within a frame: even sides, and no bar of a hair's breadth. */
function innerSize({ width, height, sampleAspect }: VideoStream, frame: Size): Size {
  const shape = (width * sampleAspect) / height;
  const even = (side: number, most: number) => Math.min(most, Math.max(2, 2 * Math.round(side / 2)));
  return { width: even(frame.height * shape, frame.width), height: even(frame.width / shape, frame.height) };
}

/**
 * Bars of a colour. Former versions of ffmpeg's pad filter know BT.601 of limited range alone, which grey ones are by each
 * matrix; others are painted in RGB, and converted as the picture was.
 */
function barsAround(
  video: VideoStream,
  [inner, size]: readonly [Size, Size],
  { target, name, colour }: Kind & { colour: string },
): string[] {
  const x = evenHalf(size.width - inner.width);
  const y = evenHalf(size.height - inner.height);
  const pad = `pad=w=${size.width}:h=${size.height}:x=${x}:y=${y}`;
  if (isGreyBy(colour, target)) return [`${pad}:color=0x${colour}`];
  const bars = [
    { x: 0, y: 0, width: x, height: size.height },
    { x: x + inner.width, y: 0, width: size.width - x - inner.width, height: size.height },
    { x: 0, y: 0, width: size.width, height: y },
    { x: 0, y: y + inner.height, width: size.width, height: size.height - y - inner.height },
  ].filter(({ width, height }) => width > 0 && height > 0);
  const label = (what: string, at: number) => `[${name}${size.width}x${size.height}${what}${at}]`;
  const all = bars.reduce((before, bar, at) => {
    const [picture, beside] = [label("picture", at), label("bar", at)];
    return [
      `${before}${picture}`,
      `${paint(bar, colour, painted(video, target))}${beside}`,
      `${picture}${beside}overlay=x=${bar.x}:y=${bar.y}:format=${target === "hdr" ? "yuv420p10" : "yuv420"}:eval=init`,
    ].join(";");
  }, pad);
  return [all];
}

/** Whether a colour is the same number by each matrix: any grey of SDR in limited range, and black of HDR. */
const isGreyBy = (colour: string, target: Target) =>
  target === "hdr" ? colour === "000000" : target === "film" && /^(..)\1\1$/.test(colour);

const evenHalf = (side: number) => 2 * Math.floor(side / 4);

// One picture, which is shown before the first one of the source as well: it stands from then on.
const paint = ({ width, height }: Size, colour: string, filters: readonly string[]) =>
  [`color=c=0x${colour}:s=${width}x${height}:r=1:d=1`, ...filters, "setpts=PTS-10/TB"].join();
