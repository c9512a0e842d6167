import type { Link } from "#controlplane/workers/link.ts";
import type { Links } from "#controlplane/workers/links.ts";
import { toFault } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { newestFirst, ownerOf } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import { type JobQuery, type Missing, recordsProblem } from "#shared/records.ts";
import { eventFromMessage, statusToWire } from "#shared/rpc/event-message.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { requestOf, tenantOf } from "./found-job.ts";

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

/** Reads recent jobs from the storage of records that this control plane has itself. */
export type RecentRecords = (query: JobQuery) => Promise<ListedJob[]>;

type Options = {
  links: Links;
  /** The jobs that this control plane follows, each with its latest event. */
  followed(): readonly ListedJob[];
  recentRecords: RecentRecords;
  log: Log;
};

const listTimeoutMs = 5_000;

/** Lists running jobs of the connected workers and recent records, newest first. */
export const makeList =
  ({ links, followed, recentRecords, log }: Options) =>
  async ({ limit, status, before, tenant, isKept = false }: ListQuery): Promise<JobPage> => {
    await links.refresh();
    const connected = links.known().filter((link) => link.isConnected());
    const missing: Missing[] = [];
    const addresses = connected.map((link) => link.address);
    // One job more than asked for tells whether there is a next page.
    const query = { limit: limit + 1, status, before, tenant };

    const fromWorker = async (link: Link) => {
      const request = {
        limit: query.limit,
        status: statusToWire(status),
        cursor: before ?? "",
        kept: isKept,
        ...(tenant !== undefined && { tenant }),
      };
      const { jobs, orders, incomplete } = await link.ask((calls) =>
        calls.listJobs(request, { timeoutMs: listTimeoutMs }),
      );
      const orderOf = new Map(orders.map((order) => [order.jobId, requestOf(order)]));
      missing.push(...incomplete.map(({ part, reason }) => ({ part, reason })));
      return jobs
        .map((job) => ({ event: eventFromMessage(job), order: orderOf.get(job.jobId) }))
        .filter(isAuthoritative(link.address));
    };
    // A record lags behind its job: while the job's own worker answers, only that one tells of a running job.
    const isAuthoritative =
      (source: string) =>
      ({ event }: ListedJob) => {
        const owner = ownerOf(event.jobId, addresses);
        return isFinal(event.status) || owner === undefined || owner === source;
      };
    const seenHere = (isKept ? [] : followed()).filter(
      ({ event }) => (!status || event.status === status) && isAfter(before)(event),
    );

    const orMissing = (part: string, jobs: Promise<ListedJob[]>) =>
      jobs.catch((error): ListedJob[] => {
        log.warn({ err: error, part }, "a list of jobs lacks what did not answer");
        missing.push({ part, reason: recordsProblem(error) ?? toFault(error).message });
        return [];
      });
    // Addresses of workers are for the operator only.
    const nameOf = ({ address }: Link) => (tenant === undefined ? `worker ${address}` : "a worker");
    const answers = await Promise.all([
      ...connected.map((link) => orMissing(nameOf(link), fromWorker(link))),
      isKept ? [] : orMissing("records", recentRecords(query)).then((jobs) => jobs.filter(isAuthoritative(""))),
    ]);
    const answered = answers.flat();
    // A worker of another version may not know tenants: the filter here decides.
    const isShown = ({ order }: ListedJob) => tenant === undefined || tenantOf(order) === tenant;
    const jobs = latestOfEach([...seenHere, ...answered])
      .filter(isShown)
      .sort((a, b) => newestFirst(a.event.jobId, b.event.jobId));
    const next = jobs.length > limit ? jobs[limit - 1]?.event.jobId : undefined;
    return { jobs: jobs.slice(0, limit), next, incomplete: eachOnce(missing) };
  };

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
