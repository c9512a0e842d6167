import type { Link } from "#controlplane/workers/link.ts";
import { Fault } from "#shared/fault.ts";
import { checkedJobId, ownerOf } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import { recordsProblem } from "#shared/records.ts";
import { isUnimplemented } from "#shared/rpc/fault-status.ts";
import { type FoundJob, foundJobIn, lost, lostAfter } from "./found-job.ts";

/** Reads a job's record from the storage that this control plane has itself. */
export type ReadRecord = (jobId: string) => Promise<FoundJob | undefined>;

export type Lookup = {
  /** Finds a job. Its worker is woken only if nobody else can tell how the job ended. */
  find(jobId: string): Promise<FoundJob>;
  /**
   * The record of a job, from the own storage or through a connected worker. Throws when a storage of records does not
   * answer and nobody else has the record.
   */
  recordOf(jobId: string): Promise<FoundJob | undefined>;
  /** Asks a worker for a job, which connects to it; undefined when it does not know the job. */
  askWorker(link: Link, jobId: string): Promise<FoundJob | undefined>;
  /** The worker that a job id names; undefined when it is not among the workers of this control plane. */
  ownerOf(jobId: string): Link | undefined;
};

type Options = {
  links: readonly Link[];
  readRecord: ReadRecord;
  /** Whether this control plane has a storage of records; else `readRecord` finds nothing. */
  readsRecords: boolean;
  startupTimeoutMs: number;
  now(): number;
  log: Log;
};

const askTimeoutMs = 5_000;
const unreached = "the job's worker cannot be reached";
const unread = "this control plane reads no records that could tell: set RECORD_STORAGE there";

export function makeLookup({ links, readRecord, readsRecords, startupTimeoutMs, now, log }: Options): Lookup {
  const linkOf = (jobId: string) => {
    const address = ownerOf(
      jobId,
      links.map((link) => link.address),
    );
    return links.find((link) => link.address === address);
  };

  const askWorker = async (link: Link, jobId: string) => {
    try {
      return foundJobIn(await link.ask((calls) => calls.getJob({ jobId }, { timeoutMs: askTimeoutMs })), link);
    } catch (error) {
      if (isUnimplemented(error) || (error instanceof Fault && error.kind === "not_found")) return undefined;
      throw error;
    }
  };

  const recordOf = async (jobId: string) => {
    const unread: unknown[] = [];
    const note = (error: unknown) => {
      if (recordsProblem(error) !== undefined) unread.push(error);
      return logUnread(jobId)(error);
    };
    const own = await readRecord(jobId).catch(note);
    if (own) return own;
    const connected = links.filter((link) => link.isConnected());
    const answers = await Promise.all(connected.map((link) => askWorker(link, jobId).catch(note)));
    const [surest] = answers.filter((answer) => answer !== undefined).sort(surestFirst);
    // There may be a record that could not be read. That is no reason to start a machine.
    if (!surest && unread.length > 0) throw unread[0];
    return surest;
  };

  const logUnread = (jobId: string) => (error: unknown) => {
    log.warn({ err: error, job_id: jobId }, "a job's record could not be read");
    return undefined;
  };

  // The job's worker has answered: a job that it does not hold, and that has not ended, is lost.
  const settled = (found: FoundJob | undefined): FoundJob => {
    if (!found) throw new Fault("not_found", "no such job");
    return isSure(found) ? found : { ...found, event: lost(found.event, now()) };
  };
  // The job's worker cannot be asked: the record holds until all attempts must be over.
  const unlessOverdue = (record: FoundJob) => {
    const end = lostAfter(record.event.jobId, Number(record.order?.timeoutMs ?? 0), now());
    return now() > end ? settled(record) : record;
  };

  const wake = async (owner: Link, jobId: string, record: FoundJob | undefined) => {
    if (await owner.connect(startupTimeoutMs)) return settled((await askWorker(owner, jobId)) ?? record);
    if (!record) throw new Fault("unreachable", readsRecords ? unreached : `${unreached}, and ${unread}`);
    return unlessOverdue(record);
  };

  const find = async (id: string) => {
    const jobId = checkedId(id);
    const owner = linkOf(jobId);
    const held = owner?.isConnected() ? await askWorker(owner, jobId).catch(logUnread(jobId)) : undefined;
    if (held) return settled(held);
    const record = await recordOf(jobId);
    if (record && isSure(record)) return record;
    if (owner) return wake(owner, jobId, record);
    return record ? unlessOverdue(record) : settled(undefined);
  };

  return { find, recordOf, askWorker, ownerOf: linkOf };
}

const isSure = ({ holder, event }: FoundJob) => holder !== undefined || isFinal(event.status);

const surestFirst = (a: FoundJob, b: FoundJob) =>
  Number(b.holder !== undefined) - Number(a.holder !== undefined) || b.event.sequence - a.event.sequence;

function checkedId(jobId: string) {
  try {
    return checkedJobId(jobId);
  } catch {
    throw new Fault("not_found", "no such job");
  }
}
