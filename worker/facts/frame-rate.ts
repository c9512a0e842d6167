import type { VideoStream } from "#worker/ffmpeg/media.ts";
import { rounded } from "./rounded.ts";

/** Pictures a second by the packets; where a header says the same, as exactly as it does. Undefined for a single one. */
export function frameRateOf({ packets, averageRate, nominalRate }: VideoStream): number | undefined {
  if (!packets || packets.shortInterval === 0) return undefined;
  const shown = packets.count - packets.undecodable;
  const measured = packets.isUneven ? shown / (packets.endSeconds - packets.startSeconds) : 1 / packets.meanInterval;
  const said = [nominalRate, averageRate].find((rate) => rate !== undefined && Math.abs(rate / measured - 1) < 0.002);
  return rounded(said ?? measured);
}
