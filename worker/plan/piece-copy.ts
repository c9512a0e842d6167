import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Film } from "./film.ts";
import { nothingElse, readInput } from "./input.ts";
import { containerOf } from "./piece-cut.ts";
import type { Place } from "./plan.ts";
import type { Reference } from "./reference.ts";

/**
 * Copies the pictures of a source into a file in which every moment is found, by the clock that an encode of all of it has.
 * `also` are the sounds that such an encode reads beside them: see `Reference.also`.
 */
export const copyArgs = (
  { video }: Pick<Film, "video">,
  probe: Probe,
  { input }: Pick<Place, "input">,
  also: Reference["also"],
  output: string,
): string[] => [
  ...readInput(input, probe),
  ...["-map", `0:${video.index}`, "-c", "copy", "-copyinkf", "-copypriorss", "1", ...nothingElse],
  ...["-avoid_negative_ts", "disabled", ...containerOf(video.codec), output],
  ...(also.length > 0 ? [...also.flatMap((stream) => ["-map", stream]), "-c", "copy", "-f", "null", "-"] : []),
];
