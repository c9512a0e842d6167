import type { Link } from "#controlplane/workers/link.ts";
import type { Links } from "#controlplane/workers/links.ts";
import { ignoring } from "#shared/errors.ts";
import { Fault, isFault, toFault } from "#shared/fault.ts";
import { isJobId, isWaitingId, timeOf } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import { recordsProblem } from "#shared/records.ts";
import { isUnimplemented } from "#shared/rpc/fault-status.ts";
import { type AcceptedPlace, type EndLost, type PlaceOf, unrecorded } from "./accepted-place.ts";
import { type FoundJob, foundJobIn, lost, lostAfter } from "./found-job.ts";

/** Reads a job's record from the storage that this control plane has itself. */
export type ReadRecord = (jobId: string) => Promise<FoundJob | undefined>;

export type Lookup = ReturnType<typeof makeLookup>;

type Options = {
  links: Links;
  readRecord: ReadRecord;
  /** Whether this control plane has a storage of records; else `readRecord` finds nothing. */
  readsRecords: boolean;
  /** Default: no job has waited. */
  placeOf?: PlaceOf | undefined;
  /** Ends a job that has waited once its worker is lost. Default: only the answer says so. */
  endLost?: EndLost | undefined;
  startupTimeoutMs: number;
  now(): number;
  log: Log;
};

const askTimeoutMs = 5_000;
const unreached = "the job's worker cannot be reached";
const unread = "this control plane reads no records that could tell: set RECORD_STORAGE there";

export function makeLookup(options: Options) {
  const {
    links,
    readRecord,
    readsRecords,
    placeOf = async () => undefined,
    endLost,
    startupTimeoutMs,
    now,
    log,
  } = options;
  const { ownerOf } = links;
  const connected = () => links.known().filter((link) => link.isConnected());

  /** Asks a worker for a job, which connects to it; undefined when it does not know the job. */
  const askWorker = async (link: Link, jobId: string) => {
    const asked = link.ask((calls) => calls.getJob({ jobId }, { timeoutMs: askTimeoutMs }));
    const reply = await asked.catch(ignoring((error) => isUnimplemented(error) || isFault(error, "not_found")));
    return reply && foundJobIn(reply, link);
  };

  /**
   * The record of a job, from the own storage or through a connected worker. Throws when a storage of records does not
   * answer and nobody else has the record.
   */
  const recordOf = async (jobId: string) => {
    const unread: unknown[] = [];
    const note = (error: unknown) => {
      if (recordsProblem(error) !== undefined) unread.push(error);
      return logUnread(jobId)(error);
    };
    const own = await readRecord(jobId).catch(note);
    if (own) return own;
    const answers = await Promise.all(connected().map((link) => askWorker(link, jobId).catch(note)));
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
  const settled = async (found: FoundJob | undefined): Promise<FoundJob> => {
    if (!found) throw noSuchJob();
    if (isSure(found)) return found;
    const event = lost(found.event, now());
    if (!endLost || !isWaitingId(event.jobId)) return { ...found, event };
    try {
      return { ...found, event: await endLost(event) };
    } catch (err) {
      log.warn({ err, job_id: event.jobId }, "a job whose worker is lost cannot be ended yet");
      return found;
    }
  };
  // The job's worker cannot be asked: the record holds until all attempts must be over.
  const unlessOverdue = async (record: FoundJob) => {
    const end = lostAfter(withAcceptance(record), Number(record.order?.timeoutMs ?? 0), now());
    return now() > end ? settled(record) : record;
  };

  const wake = async (owner: Link, jobId: string, record: FoundJob | undefined) => {
    if (await owner.wake(startupTimeoutMs)) return settled((await askWorker(owner, jobId)) ?? record);
    if (!record) throw new Fault("unreachable", readsRecords ? unreached : `${unreached}, and ${unread}`);
    return unlessOverdue(record);
  };

  /** A job that has waited may be held by any worker. One that names its worker is another's only if that one says so. */
  const askConnected = async (jobId: string, owner: Link | undefined) => {
    if (owner || !isWaitingId(jobId))
      return owner?.isConnected() ? askWorker(owner, jobId).catch(logUnread(jobId)) : undefined;
    const answers = connected().map((link) => askWorker(link, jobId).catch(logUnread(jobId)));
    return (await Promise.all(answers)).find((answer) => answer?.holder);
  };

  const placed = async (jobId: string) => (isWaitingId(jobId) ? placeOf(jobId).catch(toFault) : undefined);

  /** Finds a job. Its worker is woken only if nobody else can tell how the job ended. */
  const find = async (jobId: string): Promise<FoundJob> => {
    if (!isJobId(jobId)) throw noSuchJob();
    const place = await placed(jobId);
    const owner = ownerOf(jobId, place instanceof Fault ? undefined : place?.address);
    const held = await askConnected(jobId, owner);
    return held ? settled(held) : findOnRecord(jobId, owner, place);
  };

  /** Its worker may have come since DNS was asked. */
  const newOwner = async (jobId: string, address: string | undefined) => {
    if (timeOf(jobId) !== undefined) await links.refresh({ isMissed: true });
    return ownerOf(jobId, address);
  };

  const findOnRecord = async (jobId: string, owner: Link | undefined, place: AcceptedPlace | Fault | undefined) => {
    const record = (await recordOf(jobId)) ?? unrecorded(jobId, place);
    if (record && isSure(record)) return record;
    const worker = owner ?? (await newOwner(jobId, record?.worker));
    if (worker) return wake(worker, jobId, record);
    if (record) return unlessOverdue(record);
    // What the room would have told is not known.
    if (place instanceof Fault) throw place;
    throw whyUnknown(jobId);
  };

  /** Its worker may be one that DNS does not tell now. */
  const whyUnknown = (jobId: string) => {
    const problem = timeOf(jobId) === undefined ? undefined : links.problem();
    return problem === undefined ? noSuchJob() : new Fault("unreachable", problem);
  };

  return { find, recordOf, askWorker, ownerOf };
}

const noSuchJob = () => new Fault("not_found", "no such job");

const isSure = ({ holder, event }: FoundJob) => holder !== undefined || isFinal(event.status);

const withAcceptance = ({ event, acceptedAt = event.acceptedAt }: FoundJob) => ({
  jobId: event.jobId,
  ...(acceptedAt && { acceptedAt }),
});

const surestFirst = (a: FoundJob, b: FoundJob) =>
  Number(b.holder !== undefined) - Number(a.holder !== undefined) || b.event.sequence - a.event.sequence;
