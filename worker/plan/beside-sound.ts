import type { Probe } from "#worker/ffmpeg/media.ts";
import { nothingElse } from "./input.ts";
import type { Place } from "./plan.ts";

/**
 * Reads the pictures of a transport stream beside its sound, and throws them away: what of it is read first is its zero for
 * ffmpeg.
 */
export const besideSound = ({ format, video }: Probe, { encoded }: Pick<Place, "encoded">): string[] =>
  encoded && video && format === "mpegts"
    ? ["-map", `0:${video.index}`, "-c", "copy", ...nothingElse, "-f", "null", "-"]
    : [];
