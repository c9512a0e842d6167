import type { Client } from "#controlplane/auth/client.ts";
import type { FoundJob } from "#controlplane/lookup/found-job.ts";
import type { Lookup } from "#controlplane/lookup/lookup.ts";
import type { Link } from "#controlplane/workers/link.ts";
import { Fault } from "#shared/fault.ts";
import { isFinal } from "#shared/job/status.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { type CheckInput, checked, type RetryOrder } from "./order.ts";
import { orderHash } from "./order-hash.ts";
import { checkRetryAllowed, checkVisible } from "./tenant-access.ts";

type Options = Pick<Lookup, "find" | "ownerOf" | "askWorker"> & {
  checkCallback: CheckInput;
  timeoutMs: number;
  startupTimeoutMs: number;
};

/** Which job, for whom, and what is to be otherwise. */
export type RetryRequest = { jobId: string; client: Client; changes: RetryOrder; idempotencyKey?: string | undefined };

/** An order, the worker that is to be asked first, and why no new job can be made of it, though a repeat finds its. */
export type Submission = { order: JobRequestInit; first?: Link | undefined; refusal?: Fault | undefined };

/** The order that repeats an ended job; a worker that keeps its output is asked first, for it encodes nothing. */
export async function orderForRetry(
  { jobId, client, changes, idempotencyKey }: RetryRequest,
  options: Options,
): Promise<Submission> {
  const found = await options.find(jobId);
  const { event, order } = found;
  checkVisible(client, order);
  if (!isFinal(event.status)) throw new Fault("conflict", "the job has not ended");
  if (!order) throw new Fault("conflict", "the job's order is not known; post it again");
  checkRetryAllowed(order, client);
  const first = event.error?.kind === "delivery_failed" ? await keeperOf(jobId, options) : undefined;
  const { callback_url, overwrite } = changes;
  const changed = {
    ...(callback_url !== undefined && { callbackUrl: checked("callback_url", callback_url, options.checkCallback) }),
    ...(overwrite !== undefined && { output: { ...order.output, overwrite } }),
  };
  return {
    order: {
      ...order,
      ...changed,
      idempotencyKey: idempotencyKey ?? "",
      ...(idempotencyKey && { orderHash: orderHash({ ...changes, retry_of: jobId }) }),
      retryOf: jobId,
      timeoutMs: BigInt(options.timeoutMs),
    },
    first,
    refusal: refusalOf(found, { hasSource: first !== undefined, hasCallback: callback_url !== undefined }),
  };
}

function refusalOf(found: FoundJob, { hasSource, hasCallback }: { hasSource: boolean; hasCallback: boolean }) {
  if (found.isSourceRedacted && !hasSource)
    return new Fault("conflict", "the job's source address is not kept in full; post the order again");
  if (found.isCallbackRedacted && !hasCallback)
    return new Fault("conflict", "the job's callback_url is not kept in full; name it again in the body");
  return undefined;
}

async function keeperOf(jobId: string, { ownerOf, askWorker, startupTimeoutMs }: Options) {
  const owner = ownerOf(jobId);
  if (!owner || !(await owner.connect(startupTimeoutMs))) return undefined;
  return (await askWorker(owner, jobId))?.isKept ? owner : undefined;
}
