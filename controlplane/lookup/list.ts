import type { Link } from "#controlplane/workers/link.ts";
import type { Links } from "#controlplane/workers/links.ts";
import { toFault } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { newestFirst, ownerOf } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import { type ListPage, mergePages } from "#shared/outcomes/merge-pages.ts";
import { type JobQuery, matches } from "#shared/outcomes/query.ts";
import { type Missing, recordsProblem } from "#shared/records.ts";
import { eventFromMessage, statusToWire } from "#shared/rpc/event-message.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { requestOf } from "./found-job.ts";

/** Which jobs to list. */
export type ListQuery = JobQuery & {
  /** Only jobs whose encoded output a worker retains because its delivery failed. Default: all jobs. */
  isKept?: boolean | undefined;
};
/** A job with its latest event and, if it is known, its order. */
export type ListedJob = { event: JobEvent; order: JobRequestInit | undefined };
/** A page of jobs, newest first. */
export type JobPage = {
  /** At most as many as were asked for. */
  jobs: ListedJob[];
  /** The cursor of the next page; undefined on the last one. */
  next: string | undefined;
  /** What the list lacks because a worker or the records did not answer. */
  incomplete: Missing[];
};

/** A page of recent jobs from the storage of records that this control plane has itself. */
type RecentPage = ListPage<ListedJob> & {
  /** Why the page ends early; undefined when it does not. */
  failure: unknown;
};
export type RecentRecords = (query: JobQuery) => Promise<RecentPage>;

type Options = {
  links: Links;
  /** The jobs that this control plane follows, each with its latest event. */
  followed(): readonly ListedJob[];
  recentRecords: RecentRecords;
  /** Whether this control plane has a storage of records; else `recentRecords` finds nothing. */
  readsRecords: boolean;
  /** The jobs that wait for a worker; absent without a waiting room. */
  waiting: { list(query: ListQuery): Promise<ListedJob[]> } | undefined;
  /** Told of the jobs of each page. Default: nobody is. */
  onListed?: ((jobs: readonly ListedJob[]) => void) | undefined;
  log: Log;
};

/** What one source tells, what it lacks, and whose records must have been found by now. */
type Answer = ListPage<ListedJob> & { incomplete: Missing[]; recorded?: readonly string[] };

const listTimeoutMs = 5_000;
// One that cannot read the records may be the only one.
const mostReaders = 2;
const nothing: Answer = { jobs: [], next: undefined, incomplete: [] };

/** Lists running jobs of the connected workers and recent records, newest first. */
export const makeList =
  ({ links, followed, recentRecords, readsRecords, waiting, onListed = () => {}, log }: Options) =>
  async (asked: ListQuery): Promise<JobPage> => {
    const { isKept = false, ...query } = asked;
    const { limit, before, tenant } = query;
    await links.refresh();
    const connected = links.known().filter((link) => link.isConnected());
    const addresses = connected.map((link) => link.address);
    // A record lags behind its job: while the job's own worker answers, only that one tells of a running job.
    const isAuthoritative =
      (source: string) =>
      ({ event }: ListedJob) => {
        const owner = ownerOf(event.jobId, addresses);
        return isFinal(event.status) || owner === undefined || owner === source;
      };
    const orMissing = (part: string, answer: Promise<Answer>) =>
      answer.catch((error): Answer => {
        log.warn({ err: error, part }, "a list of jobs lacks what did not answer");
        return { ...nothing, incomplete: [{ part, reason: reasonOf(error) }] };
      });
    // Addresses of workers are for the operator only.
    const nameOf = ({ address }: Link) => (tenant === undefined ? `worker ${address}` : "a worker");
    const fromWorker = (link: Link, held: boolean) =>
      orMissing(nameOf(link), askForJobs(link, query, { held, kept: isKept })).then((answer) => ({
        ...answer,
        jobs: answer.jobs.filter(isAuthoritative(link.address)),
      }));
    const fromRecords = () =>
      orMissing(
        "records",
        recentRecords(query).then(({ jobs, next, failure }) => ({
          ...{ jobs: jobs.filter(isAuthoritative("")), next },
          incomplete: failure === undefined ? [] : [{ part: "records", reason: reasonOf(failure) }],
        })),
      );

    const readers = [...(readsRecords ? [fromRecords] : []), ...connected.map((link) => () => fromWorker(link, false))];
    // A worker that is asked for records tells of its own jobs too.
    const others = readsRecords || isKept ? connected : connected.slice(1);
    const reading = isKept ? [] : [firstWhole(readers.slice(0, mostReaders))];
    const answers = await Promise.all([
      ...others.map((link) => fromWorker(link, true)),
      ...reading,
      ...(waiting ? [orMissing("waiting room", fromRoom(waiting, asked))] : []),
    ]);
    const seenHere = (isKept ? [] : followed()).filter(({ event }) => isAfter(before)(event));
    // A worker of a former version may not know the filters: those here decide.
    const isRemoved = removedJobs(answers, await reading[0]);
    const isAsked = (job: ListedJob) => matches(query, job) && !isRemoved(job);
    const jobs = latestOfEach([...seenHere, ...answers.flatMap((answer) => answer.jobs)]).filter(isAsked);
    const horizons = answers.map(({ next }): ListPage<ListedJob> => ({ jobs: [], next }));
    const page = mergePages([{ jobs, next: undefined }, ...horizons], limit);
    onListed(page.jobs);
    return { ...page, incomplete: eachOnce(answers.flatMap(({ incomplete }) => incomplete)) };
  };

/** Whether a job was removed that a worker still has in memory: the records that were read lack it. */
function removedJobs(answers: readonly Answer[], read: Answer | undefined): (job: ListedJob) => boolean {
  if (!read || read.incomplete.length > 0) return () => false;
  const recorded = new Set(answers.flatMap((answer) => answer.recorded ?? []));
  for (const { event } of read.jobs) recorded.delete(event.jobId);
  return ({ event }) => recorded.has(event.jobId);
}

const reasonOf = (error: unknown) => recordsProblem(error) ?? toFault(error).message;

/** What the first source tells and, while that lacks records, what the others tell of them. */
async function firstWhole(sources: readonly (() => Promise<Answer>)[]): Promise<Answer> {
  const [first, ...others] = sources;
  if (!first) return nothing;
  const answer = await first();
  // One that only took too long goes on with the next page.
  if (answer.incomplete.length === 0 || answer.next !== undefined || others.length === 0) return answer;
  const other = await firstWhole(others);
  const known =
    other.incomplete.length > 0 ? answer.incomplete : answer.incomplete.filter(({ part }) => part !== "records");
  return { jobs: [...answer.jobs, ...other.jobs], next: other.next, incomplete: [...known, ...other.incomplete] };
}

/** Asks a worker for a page of jobs: those that it holds itself, and unless only these are wanted those of records. */
async function askForJobs(
  link: Link,
  { limit, status, before, tenant, preset, since, until, source }: JobQuery,
  { held, kept }: { held: boolean; kept: boolean },
): Promise<Answer> {
  const request = {
    // Of a former version one job more than asked for tells whether there is a next page.
    ...{ limit: limit + 1, status: statusToWire(status), cursor: before ?? "", held, kept },
    ...(tenant !== undefined && { tenant }),
    ...{ preset: preset ?? "", source: source ?? "" },
    ...{ sinceMs: BigInt(since ?? 0), untilMs: BigInt(until ?? 0) },
  };
  const answer = await link.ask((calls) => calls.listJobs(request, { timeoutMs: listTimeoutMs }));
  const orderOf = new Map(answer.orders.map((order) => [order.jobId, requestOf(order)]));
  const jobs = answer.jobs.map((job) => ({ event: eventFromMessage(job), order: orderOf.get(job.jobId) }));
  const last = jobs.length > limit ? jobs.at(-1)?.event.jobId : undefined;
  return {
    ...{ jobs, next: answer.nextCursor || last, recorded: answer.recorded },
    incomplete: answer.incomplete.map(({ part, reason }) => ({ part, reason })),
  };
}

async function fromRoom(waiting: NonNullable<Options["waiting"]>, asked: ListQuery): Promise<Answer> {
  const jobs = await waiting.list({ ...asked, limit: asked.limit + 1 });
  return { jobs, next: jobs.length > asked.limit ? jobs.at(-1)?.event.jobId : undefined, incomplete: [] };
}

const isAfter = (before: string | undefined) => (event: JobEvent) =>
  before === undefined || newestFirst(before, event.jobId) < 0;

/** Workers that share a storage name the same problem. */
const eachOnce = (missing: readonly Missing[]) => [
  ...new Map(missing.map((one) => [`${one.part} ${one.reason}`, one])).values(),
];

function latestOfEach(jobs: readonly ListedJob[]): ListedJob[] {
  const latest = new Map<string, ListedJob>();
  for (const { event, order } of jobs) {
    const known = latest.get(event.jobId);
    const isNewer = !known || known.event.sequence < event.sequence;
    latest.set(event.jobId, { event: isNewer ? event : known.event, order: known?.order ?? order });
  }
  return [...latest.values()];
}
