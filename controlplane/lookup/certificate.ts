import type { Client } from "#controlplane/auth/client.ts";
import type { Link } from "#controlplane/workers/link.ts";
import { Fault, isFault, toFault } from "#shared/fault.ts";
import { isUnimplemented } from "#shared/rpc/fault-status.ts";
import { type EndedJobDeps, findEnded, workersOf } from "./ended-job.ts";
import type { FoundJob } from "./found-job.ts";

/** Reads a job's certificate from the storage of records that this control plane has itself; finds none without one. */
export type ReadCertificate = (jobId: string) => Promise<string | undefined>;

/** The text of the certificate of a job that the client may see; throws `not_found` when it has none. */
export type CertificateOf = (jobId: string, client: Client) => Promise<string>;

type Options = EndedJobDeps & { readCertificate: ReadCertificate };

const readTimeoutMs = 30_000;

export function makeCertificateOf({ readCertificate, ...deps }: Options): CertificateOf {
  const { links, startupTimeoutMs, log } = deps;
  const completedJob = async (jobId: string, client: Client) => {
    const tooEarly = new Fault("not_found", "the job has no certificate before it has completed");
    const job = await findEnded(jobId, client, deps, tooEarly);
    if (job.event.certificateUrl === undefined) throw new Fault("not_found", whyNone(job));
    return job;
  };
  const own = (jobId: string) =>
    readCertificate(jobId).catch((err) => {
      log.warn({ err, job_id: jobId }, "a certificate could not be read");
      return toFault(err);
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
  const candidates = async (job: FoundJob) => {
    const { owner, others } = await workersOf(job, links);
    const all = owner ? [owner, ...others] : others;
    const connected = all.filter((link) => link.isConnected());
    const isEnough = connected.length > 0 && (!owner || owner.isConnected());
    return isEnough ? connected : [...connected, ...all.filter((link) => !link.isConnected()).slice(0, 1)];
  };

  /** `unread`: why the own storage does not tell; undefined when it has none, or no certificate. */
  const askWorkers = async (job: FoundJob, unread: Fault | undefined) => {
    const problems = unread ? [unread] : [];
    for (const link of await candidates(job)) {
      const answer = await askFor(link, job.event.jobId);
      if (answer instanceof Fault) problems.push(answer);
      else if (answer !== "none") return answer.text;
    }
    throw problems[0] ?? new Fault("not_found", "the certificate of the job is not among its records any more");
  };

  return async (jobId, client) => {
    const job = await completedJob(jobId, client);
    const text = await own(jobId);
    return typeof text === "string" ? text : askWorkers(job, text);
  };
}

const whyNone = ({ event: { status } }: FoundJob) =>
  status === "completed"
    ? "the job has no certificate: its worker had no SIGNING_KEY"
    : `the job has no certificate: it is ${status}`;
