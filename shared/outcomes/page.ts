import { take } from "#shared/async/take.ts";
import type { JobRecord } from "#shared/job/record.ts";
import type { RecordName } from "./day-folders.ts";
import { type JobQuery, matches } from "./query.ts";

/** A page of records, newest first. */
export type RecordPage = {
  jobs: JobRecord[];
  /** The job down to which everything was told, while there is or may be more; undefined at the end of the list. */
  next: string | undefined;
  /** Why the page ends early; undefined when it does not. */
  failure: unknown;
};

const readAtOnce = 32;
// Only records tell their sources: a page of a search looks through so many, and the next one goes on.
const searchedAtMost = 1_000;

/** Reads records in the order of their names, several at once, until enough of them match. */
export async function readPage(
  page: Page,
  names: AsyncGenerator<RecordName, void>,
  read: (name: RecordName) => Promise<JobRecord | undefined>,
  signal: AbortSignal,
): Promise<RecordPage> {
  while (true) {
    const some = await take(names, page.wanted());
    if (some.length === 0) return page.end();
    if (page.isFull()) return page.until(undefined);
    const outcomes = await Promise.allSettled(some.map(read));
    signal.throwIfAborted();
    page.add(some, outcomes);
  }
}

type Page = ReturnType<typeof makePage>;
type Outcome = PromiseSettledResult<JobRecord | undefined>;

/** Puts a page together from records in the order of the list. */
export function makePage(query: JobQuery) {
  const { limit } = query;
  let jobs: JobRecord[] = [];
  let told: string | undefined;
  let [isAnyRead, isAnyOther] = [false, query.source !== undefined];
  let looked = 0;
  let failure: unknown;
  return {
    /** How many records to read next: no more than are shown, unless many turn out not to be asked for. */
    wanted: () => (isAnyOther ? readAtOnce : Math.max(1, Math.min(readAtOnce, limit - jobs.length))),
    isFull: () => jobs.length >= limit || (query.source !== undefined && looked >= searchedAtMost),
    /** Whether some of the list was told. */
    hasBegun: () => told !== undefined && isAnyRead,
    add(names: readonly RecordName[], outcomes: readonly Outcome[]) {
      const read = outcomes.filter((outcome) => outcome.status === "fulfilled");
      failure ??= outcomes.find((outcome) => outcome.status === "rejected")?.reason;
      // A storage that has gone away fails them all; one record that is out of order hides no other.
      if (read.length === 0 && names.length > 1 && isAnyRead && told) throw failure;
      isAnyRead ||= read.length > 0;
      looked += names.length;
      const records = read.flatMap(({ value }) => value ?? []);
      const asked = records.filter((record) => matches(query, record));
      isAnyOther ||= asked.length < records.length;
      told = jobs.length + asked.length > limit ? undefined : names.at(-1)?.jobId;
      jobs = [...jobs, ...asked].slice(0, limit);
      told ??= jobs.at(-1)?.event.jobId;
    },
    /** The page as far as it was told, for one that more may follow. */
    until: (cause: unknown): RecordPage => ({ jobs, next: told, failure: cause }),
    /** The last page. */
    end(): RecordPage {
      // Those that cannot be read hide no others, unless none can be: then the storage is not well.
      if (failure && !isAnyRead) throw failure;
      return { jobs, next: undefined, failure: undefined };
    },
  };
}
