import type { Storage } from "#shared/storage/storage.ts";
import { type Marker, type MarkerFolder, markersNewestFirst, nameAt, parseMarker } from "./markers.ts";

const pageSize = 1_000;

/** Where to begin and how much to ask for at first. */
type Range = {
  /** Only jobs made at this time or before it, in Unix milliseconds. */
  from: number;
  /** How many keys the first request asks for. Later ones ask for more and more. */
  first: number;
};

/** The markers of a folder, newest first. They are read page by page, as far as somebody goes on asking. */
export async function* markersIn(
  storage: Pick<Storage, "list">,
  folder: `${string}/outcomes/${MarkerFolder}/`,
  { from, first }: Range,
  signal: AbortSignal,
): AsyncGenerator<Marker, void> {
  let after = `${folder}${nameAt(from)}`;
  let limit = first;
  let sameTime: Marker[] = [];
  while (true) {
    const keys = await Array.fromAsync(storage.list(folder, signal, { after, limit }));
    for (const marker of keys.flatMap((key) => parseMarker(key.slice(folder.length)) ?? [])) {
      if (sameTime[0] && sameTime[0].at !== marker.at) {
        yield* sameTime.sort(markersNewestFirst);
        sameTime = [];
      }
      sameTime.push(marker);
    }
    const last = keys.at(-1);
    if (last === undefined || keys.length < limit) break;
    after = last;
    limit = Math.max(pageSize, limit * 2);
  }
  yield* sameTime.sort(markersNewestFirst);
}

/** What several streams of markers yield, newest first, each job once. */
export async function* mergedMarkers(streams: readonly AsyncGenerator<Marker, void>[]): AsyncGenerator<Marker, void> {
  const seen = new Set<string>();
  let heads = await Promise.all(streams.map(headOf));
  while (true) {
    const there = heads.filter((head) => head !== undefined);
    const [newest] = there.sort((a, b) => markersNewestFirst(a.marker, b.marker));
    if (!newest) return;
    if (!seen.has(newest.marker.jobId)) yield newest.marker;
    seen.add(newest.marker.jobId);
    const following = await headOf(newest.stream);
    heads = heads.map((head) => (head === newest ? following : head));
  }
}

async function headOf(stream: AsyncGenerator<Marker, void>) {
  const { value } = await stream.next();
  return value ? { stream, marker: value } : undefined;
}
