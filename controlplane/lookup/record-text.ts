import type { Client } from "#controlplane/auth/client.ts";
import type { Link } from "#controlplane/workers/link.ts";
import { Fault, isFault, toFault } from "#shared/fault.ts";
import { isUnimplemented } from "#shared/rpc/fault-status.ts";
import { type EndedJobDeps, findEnded, workersOf } from "./ended-job.ts";
import type { FoundJob } from "./found-job.ts";

/** Reads a text beside a job's record from the storage that this control plane has itself; finds none without one. */
export type ReadRecordText = (jobId: string) => Promise<string | undefined>;

/** A text beside the record of a job that the client may see; throws `not_found` when the job has none. */
export type RecordTextOf = (jobId: string, client: Client) => Promise<string>;

type Calls = Parameters<Parameters<Link["ask"]>[0]>[0];
type Ask = (request: { jobId: string }, options: { timeoutMs: number }) => AsyncIterable<{ data: Uint8Array }>;

/** A kind of text that lies beside the records of jobs. */
export type RecordText = {
  /** What it is, in words. */
  name: string;
  read: ReadRecordText;
  /** The call that asks a worker for it. */
  call(calls: Calls): Ask;
  /** When a job may have it, in words. */
  before: string;
  /** Why an ended job has none, in words; undefined when it may have one. */
  whyNone(job: FoundJob): string | undefined;
  /** What is said of a job that could have one. */
  gone: string;
};

const readTimeoutMs = 30_000;

export function makeRecordTextOf(
  { name, read, call, before, whyNone, gone }: RecordText,
  deps: EndedJobDeps,
): RecordTextOf {
  const { links, startupTimeoutMs, log } = deps;
  const endedJob = async (jobId: string, client: Client) => {
    const tooEarly = new Fault("not_found", `the job has no ${name} before it has ${before}`);
    const job = await findEnded(jobId, client, deps, tooEarly);
    const reason = whyNone(job);
    if (reason !== undefined) throw new Fault("not_found", `the job has no ${name}: ${reason}`);
    return job;
  };
  const own = (jobId: string) =>
    read(jobId).catch((err) => {
      log.warn({ err, job_id: jobId }, `the ${name} of a job could not be read`);
      return toFault(err);
    });
  /** Asks one worker, which connects: its text, `none`, or the fault of one that cannot tell. */
  const askFor = async (link: Link, jobId: string) => {
    if (!link.isConnected() && !(await link.wake(startupTimeoutMs)))
      return new Fault("unreachable", "the job's worker cannot be reached");
    try {
      const parts = await link.ask((calls) => Array.fromAsync(call(calls)({ jobId }, { timeoutMs: readTimeoutMs })));
      return { text: Buffer.concat(parts.map(({ data }) => data)).toString("utf8") };
    } catch (error) {
      if (isFault(error, "not_found") || isUnimplemented(error)) return "none";
      log.warn({ err: error, worker: link.address, job_id: jobId }, `a worker does not tell the ${name} of a job`);
      return toFault(error);
    }
  };

  /** The workers to ask: those that are connected, the job's own first, then its own when it sleeps, or else any. */
  const candidates = async (job: FoundJob) => {
    const { owner, others } = await workersOf(job, links);
    const all = owner ? [owner, ...others] : others;
    const connected = all.filter((link) => link.isConnected());
    const isEnough = connected.length > 0 && (!owner || owner.isConnected());
    return isEnough ? connected : [...connected, ...all.filter((link) => !link.isConnected()).slice(0, 1)];
  };

  /** `unread`: why the own storage does not tell; undefined when it has none, or not this text. */
  const askWorkers = async (job: FoundJob, unread: Fault | undefined) => {
    const problems = unread ? [unread] : [];
    for (const link of await candidates(job)) {
      const answer = await askFor(link, job.event.jobId);
      if (answer instanceof Fault) problems.push(answer);
      else if (answer !== "none") return answer.text;
    }
    throw problems[0] ?? new Fault("not_found", gone);
  };

  return async (jobId, client) => {
    const job = await endedJob(jobId, client);
    const text = await own(jobId);
    return typeof text === "string" ? text : askWorkers(job, text);
  };
}
