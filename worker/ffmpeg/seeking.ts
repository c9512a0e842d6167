/**
 * How ffmpeg finds a moment (`-ss` before `-i`): at the keyframe before it by an index; at some keyframe after it, or
 * nowhere, in what has none; in everything else it is not relied upon.
 */
export type Seeking = "indexed" | "forward" | "none";

export function seekingIn(format: string): Seeking {
  if (/mov|mp4|matroska|webm/.test(format)) return "indexed";
  return /mpegts|^mpeg$/.test(format) ? "forward" : "none";
}
