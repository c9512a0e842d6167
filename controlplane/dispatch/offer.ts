import { idempotencyHeader } from "#controlplane/http/idempotency-key.ts";
import type { FindRepeat, Repeat } from "#controlplane/orders/idempotency.ts";
import { JobFault } from "#controlplane/orders/job-fault.ts";
import type { AcceptedJob } from "#controlplane/watch/hub.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { GetClaimResponse, JobProgress, WorkerStatus } from "#proto/worker/v1/worker_pb.js";
import { retry } from "#shared/async/retry.ts";
import { isExhausted } from "#shared/exhausted.ts";
import { Fault, type FaultKind, invalidField, toFault } from "#shared/fault.ts";
import { jobIdAt } from "#shared/job/id.ts";
import type { Log } from "#shared/log.ts";
import { wasNeverSent } from "#shared/rpc/fault-status.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import type { Trace } from "#shared/tracing/trace.ts";

/**
 * Why a worker did not take an order. `full`: it has no room. `later`: it is draining or busy for a moment, so that
 * asking again soon may help. `broken`: it answers that it cannot take jobs. `failed`: it does not answer. A fault: the
 * order asks for what this worker lacks, and another may have.
 */
export type Refusal = "full" | "later" | "broken" | "failed" | Fault;

/** What an offer to a worker needs. */
export type Offer = {
  /** How long a worker may take to accept the job. */
  startupTimeoutMs: number;
  trace: Trace;
  log: Log;
};

type Options = Offer & {
  /** Makes a UUID v7. */
  newId(): string;
  /** Called before a new job is made. When it throws, no job is made. */
  begin?: (() => void) | undefined;
  findRepeat: FindRepeat;
};

const statusTimeoutMs = 2_000;
const claimTimeoutMs = 10_000;

/** Offers an order to one worker. Throws what is wrong with the order at any worker. */
export async function offer(
  link: Link,
  order: JobRequestInit,
  options: Options,
): Promise<AcceptedJob | Repeat | Refusal> {
  let status: WorkerStatus;
  try {
    status = await link.ask((calls) => calls.getStatus({}, { timeoutMs: statusTimeoutMs }));
  } catch (error) {
    note(options.log, error, { worker: link.address }, "a worker does not tell how it is");
    return unaskable(toFault(error));
  }
  // A worker that does not know prefixes would write into the folders of other tenants.
  if (order.output?.pathPrefix && !status.capabilities.includes("path-prefix")) return "failed";
  return order.idempotencyKey
    ? submitOnce(link, order, status, options)
    : (hindrance(order, status) ?? submit(link, order, options));
}

/** The setting that enables each storage at a worker. */
const needed: Readonly<Record<string, string>> = { s3: "S3_BUCKET", ftp: "FTP_HOST" };

function unaskable(fault: Fault): Refusal {
  if (isExhausted(fault)) return "full";
  // The address answers, but refuses our token or is no worker.
  return fault.kind === "internal" ? "broken" : "failed";
}

/** Why a worker cannot run an order now, as far as its status tells. A foreign worker does not name its storages. */
function hindrance({ output }: JobRequestInit, status: WorkerStatus): Refusal | undefined {
  const { capabilities, draining, currentJobs, maxConcurrentJobs } = status;
  const namesStorages = capabilities.some((name) => name.startsWith("storage:"));
  if (output?.storage && namesStorages && !capabilities.includes(`storage:${output.storage}`))
    return invalidField(
      "output.storage",
      `no worker that answers has ${output.storage}: set ${needed[output.storage] ?? "it up"} at the workers, or name another`,
    );
  if (draining) return "later";
  return currentJobs >= maxConcurrentJobs ? "full" : undefined;
}

/**
 * Finds the job of an earlier order with the same idempotency key, for which no slot is needed; else submits with a
 * claim on the key.
 */
async function submitOnce(link: Link, order: JobRequestInit, status: WorkerStatus, options: Options) {
  if (!status.capabilities.includes("idempotency"))
    return invalidField(idempotencyHeader, "no worker that answers knows of such keys; leave the header out");
  const { tenant = "", idempotencyKey = "", orderHash = new Uint8Array() } = order;
  const asked = { tenant, idempotencyKey, orderHash };
  let claim: GetClaimResponse;
  try {
    claim = await link.ask((calls) => calls.getClaim(asked, { timeoutMs: claimTimeoutMs }));
  } catch (error) {
    note(options.log, error, { worker: link.address }, "a worker cannot look for an idempotency key");
    return refusalIn(toFault(error), false) ?? "failed";
  }
  const repeat = claim.number > 0 ? await options.findRepeat(claim, asked, link) : undefined;
  return repeat ?? hindrance(order, status) ?? submit(link, { ...order, claim: claim.number + 1 }, options);
}

/** Submits under a new id. */
function submit(link: Link, order: JobRequestInit, { newId, begin, ...options }: Options) {
  begin?.();
  return offerAs(link, { ...order, jobId: jobIdAt(link.address, newId()) }, options);
}

/**
 * Submits until the worker accepts or refuses. After a failure in between, the same job id joins the job in case it was
 * accepted. Throws a `JobFault` when the worker may have it, and what is wrong with the order at any worker.
 */
export async function offerAs(
  link: Link,
  request: JobRequestInit & { jobId: string },
  { startupTimeoutMs, trace, log }: Offer,
): Promise<AcceptedJob | Refusal> {
  const { jobId } = request;
  const over = AbortSignal.timeout(startupTimeoutMs);
  const about = { kind: "client", attributes: callTo(link) } as const;
  const mayRepeat = Boolean(request.idempotencyKey);
  let mayHaveIt = false;
  const attempt = async () => {
    try {
      const events = await trace.span(submitJob, about, () => begun(link, request, over));
      return { jobId, link, events };
    } catch (error) {
      note(log, error, { worker: link.address, job_id: jobId }, "a worker did not take the job");
      const refusal = refusalIn(toFault(error), mayHaveIt);
      if (refusal) return refusal;
      mayHaveIt = true;
      throw new JobFault(jobId, "unreachable", "the worker stopped answering; it may still run the job", { mayRepeat });
    }
  };
  return await retry(attempt, {
    firstPauseMs: 100,
    longestPauseMs: 1_000,
    signal: over,
    isRetryable: (error) => error instanceof JobFault,
  });
}

const submitJob = "worker.v1.WorkerService/SubmitJob";

/** The attributes of the span of the call, which ends when the worker has accepted the job. */
function callTo({ address }: Link) {
  const { hostname, port } = new URL(address.replace(/^(https:\/\/)?/, "grpc://"));
  return {
    "rpc.system.name": "grpc",
    "rpc.method": submitJob,
    "server.address": hostname,
    "server.port": Number(port),
  };
}

/**
 * The refusal that a failed call means; undefined when the worker may have accepted the job. Throws what is wrong with
 * the order itself.
 */
function refusalIn(fault: Fault, mayHaveIt: boolean): Refusal | undefined {
  if (handOverFields.includes(fault.fields[0]?.field ?? "")) return fault;
  // Of two submissions with one key at once, the second finds the job of the first when it asks again.
  if (isExhausted(fault) && !mayHaveIt) return "full";
  if (fault.kind === "busy" || isKeyTaken(fault)) return "later";
  // A worker that accepted the job earlier may answer anything else in the meantime.
  if (mayHaveIt) return undefined;
  if (fault.kind === "internal") return "broken";
  if (fault.kind === "unreachable") return wasNeverSent(fault) ? "failed" : undefined;
  const blamed = clientsFault(fault);
  if (blamed.fields.some(({ field }) => workersOwn.includes(field))) return blamed;
  throw blamed;
}

/** The fields whose faults depend on the settings of the worker that was asked. */
const workersOwn = ["preset", "output.storage", "callback_url", "RECORD_STORAGE"];

/** The fields of a refusal of a waiting order's hand-over: the worker has no job of this id then, whatever came before. */
const handOverFields = ["queue_try", "queue_end"];

const expected: readonly FaultKind[] = ["invalid", "not_found", "conflict", "busy"];

/** Logs a refusal. Mistakes of clients and sleeping machines are frequent: they get a line without a stack. */
function note(log: Log, error: unknown, about: object, message: string) {
  const { kind, message: reason, cause } = toFault(error);
  if (expected.includes(kind)) log.info({ ...about, kind, reason }, message);
  else if (kind === "unreachable") log.warn({ ...about, kind, reason: wordsOf(cause) ?? reason }, message);
  else log.warn({ err: error, ...about }, message);
}

const wordsOf = (cause: unknown) => (cause instanceof Error ? cause.message : undefined);

const isKeyTaken = ({ kind, fields }: Fault) => kind === "conflict" && fields[0]?.field === idempotencyHeader;

/** Submits the job and waits for its first event, which means that it was accepted. */
async function begun(link: Link, request: JobRequestInit & { jobId: string }, over: AbortSignal) {
  const ended = new AbortController();
  const giveUp = () => ended.abort(new Fault("unreachable", "the worker did not accept the job in time"));
  over.addEventListener("abort", giveUp, { once: true });
  const events = link.follow((calls, signal) => calls.submitJob(request, { signal }), ended.signal);
  const first = await events.next().finally(() => over.removeEventListener("abort", giveUp));
  if (first.done) throw new Fault("unreachable", "the worker said nothing");
  return startingWith(first.value, events);
}

async function* startingWith(first: JobProgress, rest: AsyncGenerator<JobProgress, void>) {
  yield first;
  yield* rest;
}

function clientsFault({ kind, message, fields, cause }: Fault): Fault {
  const blamed = kind === "not_found" && fields.length === 0 ? [{ field: "preset", message }] : fields;
  return new Fault(kind, message, { cause, fields: blamed });
}
