import type { Client } from "#controlplane/auth/client.ts";
import type { WaitingJobs } from "#controlplane/queue/waiting-jobs.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { Links } from "#controlplane/workers/links.ts";
import { Fault, isFault, toFault } from "#shared/fault.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import { isUnimplemented } from "#shared/rpc/fault-status.ts";
import type { FoundJob } from "./found-job.ts";
import type { Lookup } from "./lookup.ts";
import { checkVisible } from "./visible.ts";

/** Reads a job's certificate from the storage of records that this control plane has itself; finds none without one. */
export type ReadCertificate = (jobId: string) => Promise<string | undefined>;

/** The text of the certificate of a job that the client may see; throws `not_found` when it has none. */
export type CertificateOf = (jobId: string, client: Client) => Promise<string>;

type Options = Pick<Lookup, "find"> & {
  links: Links;
  readCertificate: ReadCertificate;
  /** The jobs that wait for a worker; absent without a waiting room. */
  waiting: Pick<WaitingJobs, "view"> | undefined;
  /** How long a worker may take to answer, should it be asleep. */
  startupTimeoutMs: number;
  log: Log;
};

const readTimeoutMs = 30_000;

export function makeCertificateOf({ links, find, readCertificate, waiting, ...options }: Options): CertificateOf {
  const { startupTimeoutMs, log } = options;
  const completedJob = async (jobId: string, client: Client) => {
    const waits = await waiting?.view(jobId);
    const job = waits ? undefined : await find(jobId);
    checkVisible(client, (waits ?? job)?.order);
    if (!job || !isFinal(job.event.status))
      throw new Fault("not_found", "the job has no certificate before it has completed");
    if (job.event.certificateUrl === undefined) throw new Fault("not_found", whyNone(job));
    return job;
  };
  const own = (jobId: string) =>
    readCertificate(jobId).catch((err) => {
      log.warn({ err, job_id: jobId }, "a certificate could not be read");
      return undefined;
    });
  /** Asks one worker, which connects: its certificate, `none`, or the fault of one that cannot tell. */
  const askFor = async (link: Link, jobId: string) => {
    if (!link.isConnected() && !(await link.wake(startupTimeoutMs)))
      return new Fault("unreachable", "the job's worker cannot be reached");
    try {
      const read = (calls: Parameters<Parameters<Link["ask"]>[0]>[0]) =>
        Array.fromAsync(calls.getCertificate({ jobId }, { timeoutMs: readTimeoutMs }));
      const parts = await link.ask(read);
      return { text: Buffer.concat(parts.map(({ data }) => data)).toString("utf8") };
    } catch (error) {
      if (isFault(error, "not_found") || isUnimplemented(error)) return "none";
      log.warn({ err: error, worker: link.address, job_id: jobId }, "a worker does not tell a certificate");
      return toFault(error);
    }
  };

  /** The workers to ask: those that are connected, the job's own first, then its own when it sleeps, or else any. */
  const candidates = async ({ event: { jobId }, worker, holder }: FoundJob) => {
    await links.refresh();
    const owner = holder ?? links.ownerOf(jobId, worker);
    const all = [...(owner ? [owner] : []), ...links.known().filter((link) => link !== owner)];
    const connected = all.filter((link) => link.isConnected());
    const isEnough = connected.length > 0 && (!owner || owner.isConnected());
    return isEnough ? connected : [...connected, ...all.filter((link) => !link.isConnected()).slice(0, 1)];
  };

  const askWorkers = async (job: FoundJob) => {
    const problems: Fault[] = [];
    for (const link of await candidates(job)) {
      const answer = await askFor(link, job.event.jobId);
      if (answer instanceof Fault) problems.push(answer);
      else if (answer !== "none") return answer.text;
    }
    throw problems[0] ?? new Fault("not_found", "the certificate of the job is not among its records any more");
  };

  return async (jobId, client) => {
    const job = await completedJob(jobId, client);
    return (await own(jobId)) ?? askWorkers(job);
  };
}

const whyNone = ({ event: { status } }: FoundJob) =>
  status === "completed"
    ? "the job has no certificate: its worker had no SIGNING_KEY"
    : `the job has no certificate: it is ${status}`;
