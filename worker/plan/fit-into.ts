import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { changesSize, deinterlacer } from "./deinterlace.ts";

type Size = { width: number; height: number };

/** Every picture in one frame, whatever its own size, its shape kept and black bars where they are needed. */
export function fitInto(
  video: VideoStream,
  { width, height }: Size,
  colour: string,
  which: "interlaced" | "all" = "interlaced",
): string[] {
  const sar = sampleAspect(video);
  const even = (side: string) => `'max(2,2*round(${side}/2))'`;
  const w = even(`min(${width},${height}*iw*${sar}/ih)`);
  const h = even(`min(${height},${width}*ih/(iw*${sar}))`);
  const isDeinterlacedHere = video.interlaced && changesSize(video);
  return [
    `scale=eval=frame${isDeinterlacedHere ? ":interl=-1" : ""}:w=${w}:h=${h}:flags=bicubic${colour}`,
    ...(isDeinterlacedHere ? [deinterlacer(which)] : []),
    "setsar=1",
    padTo(String(width), String(height)),
  ];
}

/** Bars around a picture that is not as large. */
export const padTo = (width: string, height: string) =>
  `pad=w='${width}':h='${height}':x=(ow-iw)/2:y=(oh-ih)/2:eval=frame`;

/** The shape of pixels, over time: ffmpeg's own `sar` is that of the container's header all along. */
function sampleAspect({ shapes, sampleAspect }: VideoStream): string {
  if (!shapes) return String(sampleAspect);
  // Half a frame earlier, so that the first picture of a stretch is taken in.
  const from = shapes.map(({ fromSeconds }, at) => (at === 0 ? Number.NEGATIVE_INFINITY : fromSeconds - 0.008));
  const terms = shapes.flatMap(({ sampleAspect }, at) => {
    const before = shapes[at - 1]?.sampleAspect ?? 0;
    if (sampleAspect === before) return [];
    return at === 0 ? [String(sampleAspect)] : [`(${sampleAspect - before})*gte(t,${from[at]?.toFixed(3)})`];
  });
  return `(${terms.join("+")})`;
}
