import type { Probe } from "#worker/ffmpeg/media.ts";
import { seekingIn } from "#worker/ffmpeg/seeking.ts";

/** Whether pieces are read from a copy of the source's pictures in another container: in MPEG-TS no moment is found. */
export const isReadFromCopy = ({ format }: Pick<Probe, "format">) => format === "mpegts";

/**
 * Why a source's pictures must be encoded together, for people: they would not all be the same if reading began a little
 * before them. Undefined where they would be.
 */
export function whyUncut(probe: Probe): string | undefined {
  const { format, video, apart } = probe;
  if (video?.shapes) return "its pictures change their size or shape";
  if (apart) return "its clock starts again";
  if (isReadFromCopy(probe)) return whyUncopied(probe);
  return seekingIn(format) === "indexed" ? undefined : "no moment is found exactly in a file of its format";
}

function whyUncopied({ video, audio, isSteady, clip }: Probe): string | undefined {
  if (clip) return "it is a part of a transport stream";
  // What ffmpeg makes of that is another thing for pictures that it decodes and for those that it copies.
  const goesBack = [video, ...audio].some((stream) => (stream?.packets?.backwards ?? 0) > 0);
  if (!isSteady || goesBack) return "its clock starts again";
  return video?.packets?.isPartlyTimed ? "not all of its pictures say when they are shown" : undefined;
}
