import type { Link } from "#controlplane/workers/link.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { newestFirst, ownerOf } from "#shared/job/id.ts";
import { isFinal, type JobStatus } from "#shared/job/status.ts";
import { eventFromMessage, statusToWire } from "#shared/rpc/event-message.ts";
import type { Hubs } from "./hub.ts";

export type ListQuery = { limit: number; status?: JobStatus | undefined; before?: string | undefined };
export type Page = { jobs: JobEvent[]; next: string | undefined };

/** Recent jobs from the storage that this control plane has itself. */
export type RecentRecords = (query: ListQuery) => Promise<JobEvent[]>;

type Options = { links: readonly Link[]; hubs: Hubs; recentRecords: RecentRecords };

const listTimeoutMs = 5_000;

/** Running jobs of the connected workers and recent records, newest first. What does not answer is left out. */
export const makeList =
  ({ links, hubs, recentRecords }: Options) =>
  async ({ limit, status, before }: ListQuery): Promise<Page> => {
    const connected = links.filter((link) => link.isConnected());
    const addresses = connected.map((link) => link.address);
    // One more than asked for tells whether there is a next page.
    const query = { limit: limit + 1, status, before };

    const fromWorker = async (link: Link) => {
      const request = { limit: query.limit, status: statusToWire(status), cursor: before ?? "" };
      const { jobs } = await link.ask((calls) => calls.listJobs(request, { timeoutMs: listTimeoutMs }));
      return jobs.map(eventFromMessage).filter(isTold(link.address));
    };
    // A record lags behind its job: while the job's own worker is there, nobody else tells how far it is.
    const isTold = (teller: string) => (event: JobEvent) => {
      const owner = ownerOf(event.jobId, addresses);
      return isFinal(event.status) || owner === undefined || owner === teller;
    };
    const seenHere = hubs
      .all()
      .map((view) => view.latest)
      .filter((event) => (!status || event.status === status) && isAfter(before)(event));

    const answers = await Promise.allSettled([
      ...connected.map(fromWorker),
      recentRecords(query).then((events) => events.filter(isTold(""))),
    ]);
    const told = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    const jobs = latestOfEach([...seenHere, ...told]).sort((a, b) => newestFirst(a.jobId, b.jobId));
    return { jobs: jobs.slice(0, limit), next: jobs.length > limit ? jobs[limit - 1]?.jobId : undefined };
  };

const isAfter = (before: string | undefined) => (event: JobEvent) =>
  before === undefined || newestFirst(before, event.jobId) < 0;

function latestOfEach(events: readonly JobEvent[]): JobEvent[] {
  const latest = new Map<string, JobEvent>();
  for (const event of events) {
    const known = latest.get(event.jobId);
    if (!known || known.sequence < event.sequence) latest.set(event.jobId, event);
  }
  return [...latest.values()];
}
