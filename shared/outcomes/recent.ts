import { linkedSignal } from "#shared/async/linked-signal.ts";
import { Fault } from "#shared/fault.ts";
import { timeOf } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import { dayMs, dayOf, daysBack, type RecordFolder, type RecordName, recordsByDay } from "./day-folders.ts";
import { markersIn, mergedMarkers } from "./marker-streams.ts";
import { foldersFor, idsNewestFirst, type Marker, type MarkerFolder, markerField } from "./markers.ts";
import { makePage, type RecordPage, readPage } from "./page.ts";
import type { JobQuery } from "./query.ts";

type Options = RecordFolder & {
  /** How long to go on, in milliseconds; what was found by then is told. */
  withinMs: number;
};

// Some markers have no record, and some jobs are of the same millisecond.
const spareMarkers = 12;
const marked = "complete";

/** The marker that says that every record has its markers, which a sweep writes. */
export const completeKey = (root: string) => `${root}/outcomes/${marked}`;

/** Reads pages of records. */
export function makeRecent({ storage, root, read, now, withinMs }: Options) {
  let areAllMarked = false;
  const allMarked = async (signal: AbortSignal) => {
    areAllMarked ||= (await storage.read(completeKey(root), signal)) !== undefined;
    return areAllMarked;
  };

  const candidates = async function* (query: JobQuery, signal: AbortSignal): AsyncGenerator<RecordName, void> {
    const { before, until = Number.POSITIVE_INFINITY } = query;
    // From a day ahead of the clock on, for workers whose clocks are.
    const newest = Math.min(now() + dayMs, (before && timeOf(before)) || Number.POSITIVE_INFINITY, until);
    if (await allMarked(signal)) yield* markedRecords(query, newest, signal);
    else yield* recordsByDay({ storage, root }, { newest, before, since: query.since }, signal);
  };

  const markedRecords = async function* (query: JobQuery, newest: number, signal: AbortSignal) {
    const isNamed = namedBy(query);
    const range = { from: newest, first: isByName(query) ? 1_000 : query.limit + spareMarkers };
    const streams = foldersOf(query).map((folder) => markersIn(storage, `${root}/outcomes/${folder}/`, range, signal));
    const isPassed = passed(query.before);
    for await (const marker of mergedMarkers(streams)) {
      if (marker.at < (query.since ?? newest - daysBack * dayMs)) return;
      if (isPassed(marker) && isNamed(marker)) yield { day: dayOf(marker.at), jobId: marker.jobId };
    }
  };

  return async (query: JobQuery, signal: AbortSignal): Promise<RecordPage> => {
    using budget = linkedSignal([signal], withinMs);
    const page = makePage(query);
    try {
      return await readPage(page, candidates(query, budget.signal), (name) => read(name, budget.signal), budget.signal);
    } catch (error) {
      signal.throwIfAborted();
      if (budget.signal.aborted) return page.until(new Fault("timeout", "not all could be read in time"));
      if (!page.hasBegun()) throw error;
      return page.until(error);
    }
  };
}

/** The folders whose markers name all jobs that a query may ask for. */
const foldersOf = ({ status }: JobQuery): MarkerFolder[] => {
  if (status === undefined) return ["running", "ended"];
  return isFinal(status) ? foldersFor(status).filter((folder) => folder === status) : ["running"];
};

/** Whether names of markers tell that some jobs are not asked for. */
const isByName = ({ tenant, preset }: JobQuery) => tenant !== undefined || preset !== undefined;

/** Whether a job may be asked for, as far as the name of its marker tells. */
function namedBy({ tenant, preset }: JobQuery): (marker: Marker) => boolean {
  const asked = { tenant: markerField(tenant ?? ""), preset: markerField(preset ?? "") };
  return (marker) =>
    (tenant === undefined || marker.tenant === asked.tenant) &&
    (preset === undefined || marker.preset === asked.preset);
}

/** Whether a marker follows the job of a cursor. */
function passed(before: string | undefined): (marker: Marker) => boolean {
  if (before === undefined) return () => true;
  const time = timeOf(before);
  if (time !== undefined) return ({ at, jobId }) => at < time || (at === time && idsNewestFirst(before, jobId) < 0);
  let isFound = false;
  return ({ jobId }) => {
    const follows = isFound;
    isFound ||= jobId === before;
    return follows;
  };
}
