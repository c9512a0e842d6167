import type { Probe } from "#worker/ffmpeg/media.ts";
import { nothingElse } from "./input.ts";
import type { Place } from "./plan.ts";

/**
 * Reads the pictures of a transport stream beside its sound, and throws them away: what of it is read first is its zero for
 * ffmpeg. Nothing where the sounds are encoded already, unless something else `isRead` there.
 */
export const besideSound = (
  { format, video }: Probe,
  { encoded, sound }: Pick<Place, "encoded" | "sound">,
  isRead = false,
): string[] =>
  encoded && (sound === undefined || isRead) && video && format === "mpegts"
    ? ["-map", `0:${video.index}`, "-c", "copy", ...nothingElse, "-f", "null", "-"]
    : [];
