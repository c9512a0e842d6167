import type { Picture } from "#shared/job/picture.ts";
import { hasTimes, type Probe } from "#worker/ffmpeg/media.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { keepsHdr } from "#worker/presets/fields.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { type Colour, outputColour, recoloured } from "./colour.ts";
import { fittedVideo } from "./edits.ts";
import { isHdr } from "./hdr.ts";
import { resized, uprightSize, wholePictures } from "./picture.ts";
import { constantRate, perSecond, type Rate } from "./rate.ts";
import { ending, steadyRate } from "./timing.ts";

type Size = { width: number; height: number };

/** What the pictures of a joined film are, whatever those of its sources are. */
export type FilmLook = {
  size: Size;
  rate: Rate;
  /** Whether they stay the HDR that all sources are. */
  isHdr: boolean;
  colour: Colour;
  /** How each source is fitted into the frame. */
  fit: Pick<Picture, "fit" | "background" | "deinterlace">;
};

/** The look of a film: that of its first source, as far as the preset asks for no other. */
export function filmLook(videos: readonly VideoStream[], preset: Preset | undefined): FilmLook | undefined {
  const [first] = videos;
  if (!first) return undefined;
  const made = preset && !("ffmpeg_args" in preset) ? preset : undefined;
  const picture = made?.picture ?? {};
  // What is cut out, or turned, is so of the whole film: it is measured by its first source.
  const { fit, background } = isReshaped(picture) ? {} : picture;
  const isKept = videos.every((video) => isHdr(video) && video.transfer === first.transfer) && keepsAnyHdr(preset);
  return {
    size: frameOf(first, picture) ?? filmSize(first, largestOf(made)),
    rate: constantRate(first, made?.video?.frame_rate),
    isHdr: isKept,
    colour: outputColour(first, isKept ? "hdr" : "film"),
    fit: { ...(fit && { fit }), ...(background && { background }), deinterlace: picture.deinterlace ?? "auto" },
  };
}

const isReshaped = ({ crop, rotate }: Picture) => crop !== undefined || (rotate ?? 0) !== 0;

/** Whether a preset keeps HDR. Without one nobody knows, and what is told of a film is told of its sources. */
export const keepsAnyHdr = (preset: Preset | undefined) => {
  const video = preset && !("ffmpeg_args" in preset) ? preset.video : undefined;
  return video ? video.renditions.some((rendition) => keepsHdr(video, rendition)) : preset === undefined;
};

/** The frame that is asked for, into which each source is brought by itself. */
function frameOf(first: VideoStream, picture: Picture): Size | undefined {
  const { width, height } = picture;
  if (isReshaped(picture) || (width === undefined && height === undefined)) return undefined;
  const upright = uprightSize(first);
  const shape = upright.width / upright.height;
  return { width: width ?? even((height ?? 0) * shape), height: height ?? even((width ?? 0) / shape) };
}

const even = (side: number) => Math.max(2, 2 * Math.round(side / 2));

/** The short side of the largest picture that a preset makes; undefined where nobody knows. */
function largestOf(preset: Exclude<Preset, { ffmpeg_args: unknown }> | undefined): number | undefined {
  // What is cut out is told in pixels of the whole picture.
  if (!preset || isReshaped(preset.picture ?? {})) return undefined;
  const { video, poster, stills, preview, thumbnails } = preset;
  const sizes = [poster?.size, stills?.size, preview?.size, thumbnails?.width];
  return Math.max(...(video?.renditions.map(({ size }) => size) ?? []), ...sizes.flatMap((size) => size ?? []));
}

/** The size of the first source, or as much of it as is needed. */
function filmSize(first: VideoStream, largest = Number.POSITIVE_INFINITY): Size {
  const { width, height } = uprightSize(first);
  const factor = Math.min(1, Math.max(largest, 2) / Math.min(width, height));
  return { width: even(width * factor), height: even(height * factor) };
}

/** What makes of the decoded pictures of a source its part of the film: `frames` of them, `at` tells it from others. */
export function partFilters(
  probe: Probe,
  video: VideoStream,
  { size, rate, isHdr, colour, fit }: FilmLook,
  { at, frames }: { at: number; frames: number },
): string[] {
  const fitted = fittedVideo(video, size, fit);
  const target = isHdr ? "hdr" : "film";
  const look = resized(fitted, Math.min(size.width, size.height), { target, name: `part${at}` });
  const firstSeconds = hasTimes(probe) || video.clip ? undefined : video.packets?.startSeconds;
  const steady = steadyRate({ rate, firstSeconds }, `fps@part${at}`);
  // Pictures that are left out need no look; those that are repeated have one already.
  const isThinned = perSecond(constantRate(video)) > perSecond(rate) * 1.01;
  return [
    ...wholePictures(fitted),
    ...(isThinned ? [...steady, ...look] : [...look, ...steady]),
    ...(isHdr ? [] : recoloured(outputColour(video), colour)),
    ...ending(frames),
  ];
}
