import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import type { Target } from "./colour.ts";
import { escaped } from "./escaped.ts";

/** The same stream for pictures that lie beside the film, which have no text. */
export function withoutText({ burned: _, ...video }: VideoStream): VideoStream {
  return video;
}

/** What draws the text into pictures of the film, which have the clock of the output by then. */
export const burning = ({ burned }: VideoStream, target: Target): string[] =>
  burned && (target === "film" || target === "hdr") ? [textFilter(burned.scripts[target])] : [];

/** Draws a script of ours; what its file is called is no part of the graph. */
export const textFilter = (script: string) => `ass=filename=${escaped(script)}`;
