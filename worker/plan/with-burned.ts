import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Place, Plan } from "./plan.ts";

/** A source with the text that is drawn into its pictures. */
export const withBurned = (probe: Probe, { burned }: Pick<Place, "burned">): Probe =>
  probe.video && burned ? { ...probe, video: { ...probe.video, burned } } : probe;

/** Tells verification of the text. */
export const withText = (planned: Plan, { video }: Probe): Plan =>
  video?.burned && planned.compared ? { ...planned, compared: { ...planned.compared, burned: video.burned } } : planned;
