import { idempotencyHeader } from "#controlplane/http/idempotency-key.ts";
import type { FindRepeat, Repeat } from "#controlplane/orders/idempotency.ts";
import type { AcceptedJob } from "#controlplane/watch/hub.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { GetClaimResponse, WorkerStatus } from "#proto/worker/v1/worker_pb.js";
import { isExhausted } from "#shared/exhausted.ts";
import { type Fault, invalidField, toFault } from "#shared/fault.ts";
import { jobIdAt } from "#shared/job/id.ts";
import type { Log } from "#shared/log.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { lackedCapability } from "./lacked-capability.ts";
import { isRefusal, logRefusal, type Refusal, refusalIn } from "./refusals.ts";
import { type SubmitJob, submitJob } from "./submit-job.ts";

type Options = SubmitJob & {
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
  const status = await statusOf(link, options.log);
  if (isRefusal(status)) return status;
  // A worker that does not know prefixes would write into the folders of other tenants.
  if (order.output?.pathPrefix && !status.capabilities.includes("path-prefix")) return "failed";
  return order.idempotencyKey
    ? submitOnce(link, order, status, options)
    : (hindranceOf(order, status) ?? submit(link, order, options));
}

/** How a worker is that is to be asked for something, or why it cannot be asked. */
export async function statusOf(link: Link, log: Log): Promise<WorkerStatus | Refusal> {
  try {
    return await link.ask((calls) => calls.getStatus({}, { timeoutMs: statusTimeoutMs }));
  } catch (error) {
    logRefusal(log, error, { worker: link.address }, "a worker does not tell how it is");
    return unaskable(toFault(error));
  }
}

/** The setting that enables each storage at a worker. */
const needed: Readonly<Record<string, string>> = { s3: "S3_BUCKET", ftp: "FTP_HOST" };

function unaskable(fault: Fault): Refusal {
  if (isExhausted(fault)) return "full";
  // The address answers, but refuses our token or is no worker.
  return fault.kind === "internal" ? "broken" : "failed";
}

/** Why a worker cannot run an order now, as far as its status tells. A foreign worker does not name its storages. */
export function hindranceOf(order: JobRequestInit, status: WorkerStatus): Refusal | undefined {
  const { capabilities, draining, currentJobs, maxConcurrentJobs } = status;
  const { output } = order;
  const lacked = lackedCapability(order, capabilities);
  if (lacked) return lacked;
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
    logRefusal(options.log, error, { worker: link.address }, "a worker cannot look for an idempotency key");
    return refusalIn(toFault(error), false) ?? "failed";
  }
  const repeat = claim.number > 0 ? await options.findRepeat(claim, asked, link) : undefined;
  return repeat ?? hindranceOf(order, status) ?? submit(link, { ...order, claim: claim.number + 1 }, options);
}

/** Submits under a new id. */
function submit(link: Link, order: JobRequestInit, { newId, begin, ...options }: Options) {
  begin?.();
  return submitJob(link, { ...order, jobId: jobIdAt(link.address, newId()) }, options);
}
