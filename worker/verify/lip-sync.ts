import type { Track } from "#worker/manifests/tracks.ts";
import { fragmentsIn, type InitTrack, initTracks } from "./fragments.ts";
import type { FilesByName } from "./output-file.ts";

/** The most that tracks may be apart: a frame of sound and a frame at 60 a second are about as long. */
const mostSeconds = 0.02;

/** Where a track begins in seconds: as its segments say, which is where MSE players put it, and by its edit list. */
type Start = { name: string; placed: number; edited: number };

/**
 * Whether tracks begin together for every player. In MPEG-TS players align them by what is decoded first. In fragmented
 * MP4 hls.js and Shaka place segments by their decode times, browsers apply at most one edit, and others all of them.
 */
export function lipSyncProblem(tracks: readonly Track[], files: FilesByName): string | undefined {
  const starts = tracks.flatMap((track) => startsOf(track, files));
  const [first, ...others] = starts;
  if (!first) return undefined;
  for (const { name, placed, edited } of others) {
    const apart = [placed - first.placed, edited - first.edited].find((one) => Math.abs(one) > mostSeconds);
    if (apart === undefined) continue;
    const milliseconds = Math.round(Math.abs(apart) * 1_000);
    return `${name}: it is ${milliseconds} ms ${apart < 0 ? "ahead of" : "behind"} ${first.name} in players`;
  }
  return undefined;
}

function startsOf(track: Track, files: FilesByName): Start[] {
  return track.init === undefined ? transportStarts(track, files) : fragmentStarts(track, files);
}

function transportStarts({ name, segments }: Track, files: FilesByName): Start[] {
  const tracks = (segments[0] && files.get(segments[0].name)?.contents) ?? [];
  return tracks.map(({ kind, firstDecoded }) => {
    const placed = firstDecoded / 90_000;
    return { name: tracks.length > 1 ? `the ${kind} of ${name}` : name, placed, edited: placed };
  });
}

function fragmentStarts({ name, init, segments }: Track, files: FilesByName): Start[] {
  const description = init === undefined ? undefined : files.get(init)?.head;
  const media = segments[0] && files.get(segments[0].name)?.head;
  if (!description || !media) return [];
  const tracks = initTracks(description);
  const fragments = fragmentsIn(media, tracks);
  return tracks.flatMap((track) => {
    const fragment = fragments.find(({ trackId }) => trackId === track.id);
    const [sample] = fragment?.samples ?? [];
    if (!fragment || !sample) return [];
    const placed = (fragment.decodeTime + sample.compositionOffset) / track.timescale;
    const title = tracks.length > 1 ? `the ${track.kind} of ${name}` : name;
    return [{ name: title, placed, edited: placed + shiftOf(track) }];
  });
}

/** How far an edit list moves what follows: an empty edit later, the media time of the first other one earlier. */
function shiftOf({ edits }: InitTrack): number {
  const begin = edits.findIndex(({ mediaTime }) => mediaTime !== undefined);
  const empty = edits.slice(0, Math.max(0, begin)).reduce((sum, { seconds }) => sum + seconds, 0);
  return empty - (edits[begin]?.mediaTime ?? 0);
}
