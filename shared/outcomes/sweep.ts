import { makeSemaphore } from "#shared/async/semaphore.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { isWaitingId } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { createOnce } from "./create-once.ts";
import { dayMs, dayOf, daysBack, idsOn, type RecordFolder, type RecordName } from "./day-folders.ts";
import { markersIn } from "./marker-streams.ts";
import { type MarkerFolder, markerFolders, markerTime } from "./markers.ts";
import { completeKey } from "./recent.ts";
import { makeMarkers } from "./write-markers.ts";

/** Records the end of a job that has one which its record does not tell. Resolves with its final event; undefined without one. */
export type CompleteEnd = (jobId: string, signal: AbortSignal) => Promise<JobEvent | undefined>;

type Options = RecordFolder & { complete: CompleteEnd };

const atOnce = 8;

/** `swept`: by this caller; `done`: by another one today; `empty`: there was no record, and nothing was written. */
export type Sweep = "swept" | "done" | "empty";

/**
 * Adds the markers that records of the last 31 days lack, as those of former versions do, and removes markers of running
 * jobs that have ended. Of all workers one does so a day. `by` names the caller, and no other.
 */
export async function sweepMarkers(
  { storage, root, read, complete, now }: Options,
  by: string,
  signal: AbortSignal,
): Promise<Sweep> {
  const today = dayOf(now());
  const claimed = `${root}/outcomes/swept/${today}`;
  const found = await storage.read(claimed, signal);
  if (found !== undefined && found !== `${by}\n`) return "done";
  const names = await recordNames(storage, root, now(), signal);
  if (names.length === 0) return "empty";
  if (!(await createOnce(storage, claimed, by, signal))) return "done";

  const markers = makeMarkers({ storage, root });
  const known = await knownIds(storage, root, now(), signal);
  const semaphore = makeSemaphore(atOnce);
  const completed = (jobId: string) => complete(jobId, signal).catch(() => undefined);
  const mark = async (name: RecordName) => {
    using _permit = await semaphore.acquire();
    const record = await read(name, signal).catch(() => undefined);
    if (!record || record.order.jobId !== name.jobId) return;
    const { order, event } = record;
    if (!isFinal(event.status) && isWaitingId(name.jobId) && (await completed(name.jobId))) return;
    const at = markerTime(name.jobId, Date.parse(name.day));
    if (isFinal(event.status) || !known.running.has(name.jobId)) await markers.before(order, event.status, at, signal);
    await markers.after(order, event.status, at, signal);
  };
  await Promise.all(names.filter(({ jobId }) => known.running.has(jobId) || !known.ended.has(jobId)).map(mark));
  await storage.write(completeKey(root), `${today}\n`, headersFor(completeKey(root)), signal);
  return "swept";
}

/** The records of the last 31 days, and of tomorrow, for workers whose clocks are ahead. */
async function recordNames(storage: Storage, root: string, now: number, signal: AbortSignal): Promise<RecordName[]> {
  const days = Array.from({ length: daysBack + 2 }, (_, index) => dayOf(now + dayMs - index * dayMs));
  const names: RecordName[] = [];
  for (const day of days) {
    for (const jobId of await idsOn(storage, `${root}/${day}/`, signal)) names.push({ day, jobId });
  }
  return names;
}

/** The jobs that have all markers of jobs that have ended, and those that have that of running ones. */
async function knownIds(storage: Storage, root: string, now: number, signal: AbortSignal) {
  const idsIn = async (folder: MarkerFolder) => {
    const ids = new Set<string>();
    const all = { from: now + 2 * dayMs, first: 1_000 };
    for await (const { jobId, at } of markersIn(storage, `${root}/outcomes/${folder}/`, all, signal)) {
      if (at < now - (daysBack + 1) * dayMs) break;
      ids.add(jobId);
    }
    return ids;
  };
  const [running, ended, ...byState] = await Promise.all(markerFolders.map(idsIn));
  const inState = new Set(byState.flatMap((ids) => [...ids]));
  return {
    running: running ?? new Set<string>(),
    ended: new Set([...(ended ?? [])].filter((id) => inState.has(id))),
  };
}
