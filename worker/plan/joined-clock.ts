import type { JoinedPart } from "#worker/ffmpeg/media.ts";

type Part = Pick<JoinedPart, "probe" | "video" | "audio">;

/** What ffmpeg takes for clocks that may start again: it counts from the first thing that is read of any. */
const restarting = /mpegts|^mpeg$|ogg|wtv/;

const isRestarting = ({ probe }: Part) => restarting.test(probe.format) && !probe.apart;

/** A sound that is so much later than the pictures would have them all wait in memory. */
const lateSeconds = 5;

/** Whether the sound of a part is read beside its pictures, because their zero depends on that. */
export function readsSound({ probe, video, audio }: Part): boolean {
  if (!video || !audio || audio.isChanging || !isRestarting({ probe, video, audio })) return false;
  const later = (audio.packets?.startSeconds ?? 0) - (video.packets?.startSeconds ?? 0);
  return later <= 0 || (!probe.isSteady && later < lateSeconds);
}

/** Whether the pictures of a part are read beside its sound for the same reason. */
export const readsPictures = (part: Part): boolean => part.video !== undefined && isRestarting(part);
