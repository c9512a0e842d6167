import { invalidField } from "#shared/fault.ts";
import { colourDigits } from "#shared/job/colour-names.ts";
import { frameProblem, type Picture } from "#shared/job/picture.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import type { Frame } from "#worker/ffmpeg/edits.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { clipPictures } from "./clip.ts";
import { isRgb } from "./colour.ts";
import { wholeFields } from "./deinterlace.ts";
import { denoiser } from "./denoise.ts";
import { fitInto } from "./fit-into.ts";
import { maySizeChange, squareSize, uprightSize } from "./picture.ts";

/** What the pictures of a source are by then. */
type Pictures = Pick<VideoStream, "width" | "height" | "sampleAspect"> & {
  /** Whether they were turned by a quarter. Default: false. */
  isTurned?: boolean;
};
type Edited = { filters: readonly string[]; pictures: Pictures };
type Size = { width: number; height: number };
type Area = { x: number; y: number; width: number; height: number };

/** A source whose video is what the preset's `picture` makes of it; what cannot be made of it is a Fault. */
export function withEdits(preset: Preset, probe: Probe): Probe {
  const picture = "picture" in preset ? preset.picture : undefined;
  if (!picture || !probe.video) return probe;
  // Each source of a joined film was made of whole pictures by itself.
  const wanted: Picture = probe.joined ? { ...picture, deinterlace: "off" } : picture;
  return { ...probe, video: edited(probe.video, wanted) };
}

type Fit = Pick<Picture, "fit" | "background" | "deinterlace">;

/** The pictures of a video, whole and upright, in a frame that they are fitted into. */
export function fittedVideo(
  video: VideoStream,
  size: Size,
  { fit, background, deinterlace = "auto" }: Fit,
): VideoStream {
  const whole = uprightPictures(video, deinterlace);
  const filled = fit === "cover" ? covering(size, whole.pictures) : { ...whole, filters: [] };
  const { shapes: _, ...rest } = video;
  const frame = { width: size.width, height: size.height };
  const { isTurned = false, ...pictures } = filled.pictures;
  return {
    ...{ ...rest, ...pictures, rotation: 0, interlaced: false },
    edits: {
      filters: [...whole.filters, ...filled.filters],
      maySizeChange: maySizeChange(video),
      ...{ stored: { width: video.width, height: video.height }, isTurned },
      frame: { ...frame, ...barsOf({ ...frame, ...omitEmpty({ fit, background }) }) },
    },
  };
}

function edited(video: VideoStream, picture: Picture): VideoStream {
  const whole = uprightPictures(video, picture.deinterlace ?? "auto");
  const turned = turnedBy(picture.rotate ?? 0, whole.pictures);
  const cropped = picture.crop ? croppedTo(picture.crop, turned.pictures) : { filters: [], pictures: turned.pictures };
  const frame = frameOf(picture, cropped.pictures);
  const filled = frame && picture.fit === "cover" ? covering(frame, cropped.pictures) : { ...cropped, filters: [] };
  const { shapes: _, ...rest } = video;
  const denoised = denoisedBy(picture.denoise ?? "off", rest);
  const { isTurned = false, ...pictures } = filled.pictures;
  return {
    ...denoised.video,
    ...pictures,
    ...{ rotation: 0, interlaced: false },
    edits: {
      filters: [whole, turned, cropped, filled, denoised].flatMap(({ filters }) => filters),
      maySizeChange: maySizeChange(video),
      ...{ stored: { width: video.width, height: video.height }, isTurned },
      ...(frame && { frame: { ...frame, ...barsOf(picture) } }),
    },
  };
}

/** Pictures of the clip, of one size, upright as ffmpeg turns them by what the source says, and without fields. */
function uprightPictures(video: VideoStream, mode: NonNullable<Picture["deinterlace"]>): Edited {
  const fields = { ...video, interlaced: mode === "auto" ? video.interlaced : mode === "on" };
  const which = mode === "on" ? "all" : "interlaced";
  const whole = [...wholeFields(fields, which), ...clipPictures(video)];
  if (maySizeChange(video)) {
    const size = evenSize(uprightSize(video));
    return { filters: [...whole, ...fitInto(fields, size, "", which)], pictures: { ...size, sampleAspect: 1 } };
  }
  const { width, height, sampleAspect } = video;
  const isTurned = video.rotation % 180 === 90;
  const upright = isTurned ? swapped({ width, height, sampleAspect }) : { width, height, sampleAspect };
  return { filters: whole, pictures: upright };
}

const even = (side: number) => Math.max(2, 2 * Math.round(side / 2));
const evenSize = ({ width, height }: { width: number; height: number }) => ({
  width: even(width),
  height: even(height),
});

const swapped = ({ width, height, sampleAspect, isTurned = false }: Pictures): Pictures => ({
  ...{ width: height, height: width },
  ...{ sampleAspect: 1 / sampleAspect, isTurned: !isTurned },
});

const turning = { 0: [], 90: ["transpose=clock"], 180: ["hflip", "vflip"], 270: ["transpose=cclock"] } as const;

const turnedBy = (degrees: NonNullable<Picture["rotate"]>, pictures: Pictures): Edited => ({
  filters: turning[degrees],
  pictures: degrees % 180 === 90 ? swapped(pictures) : pictures,
});

/** The part of a picture, which is told in square pixels. */
function croppedTo({ x, y, width, height }: Area, pictures: Pictures): Edited {
  const square = squareSize(pictures, pictures);
  const shown = { width: Math.round(square.width), height: Math.round(square.height) };
  if (x + width > shown.width || y + height > shown.height)
    throw invalidField("crop", `reaches outside the picture, which is ${shown.width}x${shown.height}`);
  const column = (at: number) => (at * pictures.width) / square.width;
  const row = (at: number) => (at * pictures.height) / square.height;
  return cut(
    between(column(x), column(x + width), pictures.width),
    between(row(y), row(y + height), pictures.height),
    pictures,
  );
}

type Span = { from: number; length: number };

/** From one edge to another in whole pairs of pixels, as pictures hold colours. */
function between(from: number, to: number, most: number): Span {
  const begin = 2 * Math.floor(from / 2);
  const end = Math.min(2 * Math.round(to / 2), 2 * Math.floor(most / 2));
  return { from: Math.min(begin, Math.max(0, end - 2)), length: Math.max(2, end - begin) };
}

const cut = (columns: Span, rows: Span, pictures: Pictures): Edited => ({
  filters: [`crop=w=${columns.length}:h=${rows.length}:x=${columns.from}:y=${rows.from}`],
  pictures: { ...pictures, width: columns.length, height: rows.length },
});

/** The frame that the picture is brought into; undefined where it keeps its own size and shape. */
function frameOf({ width, height }: Picture, pictures: Pictures): Frame | undefined {
  if (width === undefined && height === undefined) return undefined;
  const shape = (pictures.width * pictures.sampleAspect) / pictures.height;
  const frame = { width: width ?? even((height ?? 0) * shape), height: height ?? even((width ?? 0) / shape) };
  const problem = frameProblem(frame.width, frame.height);
  if (problem) throw invalidField(width === undefined ? "height" : "width", problem);
  return frame;
}

/** The middle of the picture, in the shape of the frame. */
function covering(frame: Size, pictures: Pictures): Edited {
  const { width, height, sampleAspect } = pictures;
  const shape = frame.width / frame.height / sampleAspect;
  const size = { width: Math.min(width, height * shape), height: Math.min(height, width / shape) };
  const middle = (side: number, of: number) => between((of - side) / 2, (of + side) / 2, of);
  return cut(middle(size.width, width), middle(size.height, height), pictures);
}

function barsOf({ width, height, fit = "contain", background = "black" }: Picture): Pick<Frame, "bars"> {
  const bars = colourDigits(background);
  return width && height && fit === "contain" && bars ? { bars } : {};
}

type Denoise = NonNullable<Picture["denoise"]>;

function denoisedBy(strength: Denoise, video: Omit<VideoStream, "shapes">) {
  if (strength === "off") return { video, filters: [] };
  const filters = [denoiser(strength, video.pixelFormat)];
  if (!isRgb(video)) return { video, filters };
  // Not all filters know RGB, and ffmpeg would choose a matrix by itself.
  return {
    video: { ...video, pixelFormat: "yuv444p", matrix: "bt709", range: "tv" },
    filters: [
      ...["scale=out_color_matrix=bt709:out_range=tv", "format=yuv444p", "setparams=colorspace=bt709"],
      denoiser(strength, "yuv444p"),
    ],
  };
}
