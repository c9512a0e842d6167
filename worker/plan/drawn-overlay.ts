import type { FetchedOverlay } from "#worker/overlays/fetched-overlay.ts";
import type { Target } from "./colour.ts";
import { escaped } from "./escaped.ts";

type Drawing = {
  /** The size that it is drawn in, in pixels. */
  width: number;
  /** Like the width. */
  height: number;
  /** What the picture below it is for. */
  target: Target;
  /** Brings a picture of RGB with alpha to that size, and to the colours of that target. */
  filters: readonly string[];
};

/** What the pictures of an animation take of memory at most, drawn for one rendition, in bytes. */
const mostKept = 2 ** 25;

/** The filters that give the pictures of an overlay at their times in the film. One that is animated never ends. */
export function drawnOverlay(overlay: FetchedOverlay, drawing: Drawing): string[] {
  const { animation, opacity = 1 } = overlay;
  const movie = `movie=filename=${escaped(overlay.path)}:format_name=${animation ? "mov" : "png_pipe"}`;
  const drawn = [...(opacity < 1 ? ["format=rgba", `colorchannelmixer=aa=${opacity}`] : []), ...drawing.filters];
  // It is one picture, which stands from before the first one of the film on.
  if (!animation) return [movie, ...drawn, "setpts=PTS-10/TB"];
  // Those that are small are drawn once and kept, others are read again for each turn.
  const turns = isKept(animation.frames, drawing)
    ? [movie, ...drawn, `loop=loop=${(animation.plays ?? 0) - 1}:size=${animation.frames}`]
    : [`${movie}:loop=${animation.plays ?? 0}`, ...drawn];
  const standing = animation.plays === undefined ? [] : ["tpad=stop=-1:stop_mode=clone"];
  return [...turns, inTurn(animation, overlay.start ?? 0), ...standing];
}

const isKept = (frames: number, { width, height, target }: Drawing) =>
  frames * width * height * (target === "hdr" ? 5 : 2.5) <= mostKept;

/**
 * Turn after turn, whatever the times of the second one are by then. What begins with the film is there before its first
 * picture.
 */
function inTurn({ frames, seconds }: NonNullable<FetchedOverlay["animation"]>, start: number): string {
  const since = `PTS-if(mod(N,${frames}),ld(0),st(0,PTS))`;
  const turn = `floor(N/${frames})*${seconds.toFixed(6)}+${start}`;
  return `setpts='if(N,${since}+(${turn})/TB,0*st(0,PTS)${start > 0 ? `+${start}` : "-10"}/TB)'`;
}
