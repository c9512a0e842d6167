import type { VideoStream } from "#worker/ffmpeg/streams.ts";

/** The filter that makes one picture of two fields, which needs those around it. */
export const deinterlacer = (which: "interlaced" | "all") => `bwdif=mode=send_frame:parity=auto:deint=${which}`;

/** Deinterlaces where it can be done before all else: while the size of the pictures stays the same. */
export const wholeFields = (video: VideoStream, which: "interlaced" | "all"): string[] =>
  video.interlaced && !changesSize(video) ? [deinterlacer(which)] : [];

/** Whether the pictures of a source have several sizes. */
export const changesSize = ({ shapes = [] }: VideoStream) =>
  shapes.some(({ width, height }) => width !== shapes[0]?.width || height !== shapes[0]?.height);
