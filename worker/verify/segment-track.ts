import type { PictureSize } from "#worker/mpegts/sps.ts";

/** What a segment holds of one of its tracks. Times are in ticks of the track's clock. */
export type SegmentTrack = {
  /** Its PID in MPEG-TS, its track ID in MP4. */
  id: number;
  /** MPEG-TS says it in each segment, MP4 in the init segment. */
  kind: "video" | "audio" | undefined;
  /** What it is as RFC 6381 names it; MP4 says it in the init segment. Left out where nobody can tell. */
  codec?: string;
  /** The size of its pictures, which MP4 says in the init segment too; left out where nobody can tell. */
  size?: PictureSize;
  /** Pictures, or frames of sound. */
  count: number;
  /** When the first one is decoded. */
  firstDecoded: number;
  /** When the last one is decoded. */
  lastDecoded: number;
  /** When the one that is shown first is shown. */
  firstShown: number;
  /** When the one that is shown last is shown. */
  lastShown: number;
  /** How many are not decoded after the one before. */
  backwards: number;
  /** Where its first picture ends, in bytes from the segment's beginning; left out where nothing of it comes after that. */
  firstEnd?: number;
};

/** The timestamps of MPEG-TS begin again after this many ticks of 1/90000 s, which is after 26.5 hours. */
const wrap = 2 ** 33;

/** A timestamp of MPEG-TS on the clock of one shortly before or after it. */
export function unwrapped(ticks: number, near: number): number {
  return ticks + Math.round((near - ticks) / wrap) * wrap;
}

/** Segments of MP4, whose clock has 64 bits, know no wrap. */
const following = (next: SegmentTrack, before: SegmentTrack) =>
  next.kind === undefined ? next.firstDecoded : unwrapped(next.firstDecoded, before.lastDecoded);

/** Whether what a segment holds of a track is decoded after what an earlier one does. */
export const isAfter = (next: SegmentTrack, before: SegmentTrack) => following(next, before) > before.lastDecoded;

/** What two segments hold of a track, one after the other. */
export function joined(before: SegmentTrack, next: SegmentTrack): SegmentTrack {
  const by = following(next, before) - next.firstDecoded;
  return {
    ...before,
    count: before.count + next.count,
    lastDecoded: next.lastDecoded + by,
    firstShown: Math.min(before.firstShown, next.firstShown + by),
    lastShown: Math.max(before.lastShown, next.lastShown + by),
    backwards: before.backwards + next.backwards,
  };
}

/** A track with one more picture or frame of sound, or the first one. */
export function withSample(
  track: SegmentTrack | undefined,
  { id, kind, decoded, shown }: Pick<SegmentTrack, "id" | "kind"> & { decoded: number; shown: number },
): SegmentTrack {
  if (!track) {
    const times = { firstDecoded: decoded, lastDecoded: decoded, firstShown: shown, lastShown: shown };
    return { id, kind, count: 1, ...times, backwards: 0 };
  }
  track.count += 1;
  if (decoded <= track.lastDecoded) track.backwards += 1;
  track.lastDecoded = decoded;
  track.firstShown = Math.min(track.firstShown, shown);
  track.lastShown = Math.max(track.lastShown, shown);
  return track;
}
