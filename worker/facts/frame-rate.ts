import type { StreamPackets } from "#worker/ffmpeg/stream-packets.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { rounded } from "./rounded.ts";

/** Pictures a second by the packets; where a header says the same, as exactly as it does. Undefined for a single one. */
export function frameRateOf(video: VideoStream): number | undefined {
  const { packets, averageRate, nominalRate } = video;
  if (!packets || packets.shortInterval === 0) return undefined;
  const measured = measuredRate(packets);
  const said = [nominalRate, averageRate].find((rate) => rate !== undefined && isNear(rate, measured, 0.002));
  return rounded(said ?? steadyRate(video) ?? measured);
}

/** Whether pictures come sooner or later than most of them. */
export const isVariable = (video: VideoStream): boolean =>
  video.packets?.isUneven === true && steadyRate(video) === undefined;

/** The header's rate where only some packets say when they are shown, which makes a steady rate look uneven. */
const steadyRate = ({ packets, nominalRate }: VideoStream): number | undefined =>
  packets?.isPartlyTimed && nominalRate !== undefined && isNear(nominalRate, measuredRate(packets), 0.02)
    ? nominalRate
    : undefined;

function measuredRate({ count, undecodable, isUneven, startSeconds, endSeconds, meanInterval }: StreamPackets): number {
  return isUneven ? (count - undecodable) / (endSeconds - startSeconds) : 1 / meanInterval;
}

const isNear = (rate: number, other: number, tolerance: number) => Math.abs(rate / other - 1) < tolerance;
