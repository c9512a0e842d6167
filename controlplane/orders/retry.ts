import type { Client } from "#controlplane/auth/client.ts";
import type { FoundJob } from "#controlplane/lookup/found-job.ts";
import type { Lookup } from "#controlplane/lookup/lookup.ts";
import { checkVisible } from "#controlplane/lookup/visible.ts";
import type { Link } from "#controlplane/workers/link.ts";
import { Fault } from "#shared/fault.ts";
import { isFinal } from "#shared/job/status.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { regrantedParams } from "./granted-params.ts";
import type { CheckInput, RetryOrder } from "./order.ts";
import { orderHash } from "./order-hash.ts";
import { checked } from "./request.ts";
import { checkRetryAllowed } from "./tenant-prefix.ts";

type Options = Pick<Lookup, "find" | "ownerOf" | "askWorker"> & {
  checkCallback: CheckInput;
  timeoutMs: number;
  /** How many workers may encode the film where the ended job's order does not say it. */
  splitWorkers: number;
  startupTimeoutMs: number;
};

/** The request of a client to run an ended job again, with what it changes. */
export type RetryRequest = { jobId: string; client: Client; changes: RetryOrder; idempotencyKey?: string | undefined };

/**
 * An order to submit. `first` is the worker to ask first. With a `refusal` no new job can be made, but the job of an
 * earlier request with the same idempotency key is found all the same.
 */
export type Submission = { order: JobRequestInit; first?: Link | undefined; refusal?: Fault | undefined };

/**
 * Makes the order that repeats an ended job. A worker that retains the output of the job is asked first, because it
 * need not encode.
 */
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
  const first = event.error?.kind === "delivery_failed" ? await keeperOf(found, options) : undefined;
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
      ...regrantedParams(order, client),
      ...(!order.workers && options.splitWorkers > 1 && { splitWorkers: options.splitWorkers }),
      timeoutMs: BigInt(options.timeoutMs),
    },
    first,
    refusal: refusalOf(found, { hasSource: first !== undefined, hasCallback: callback_url !== undefined }),
  };
}

function refusalOf(found: FoundJob, { hasSource, hasCallback }: { hasSource: boolean; hasCallback: boolean }) {
  if (found.sourceRedacted && !hasSource)
    return new Fault(
      "conflict",
      "the address of the job's source, of its overlay or of its subtitles is not kept in full; post the order again",
    );
  if (found.callbackRedacted && !hasCallback)
    return new Fault("conflict", "the job's callback_url is not kept in full; name it again in the body");
  return undefined;
}

async function keeperOf({ event: { jobId }, worker }: FoundJob, { ownerOf, askWorker, startupTimeoutMs }: Options) {
  const owner = ownerOf(jobId, worker);
  if (!owner || !(await owner.wake(startupTimeoutMs))) return undefined;
  return (await askWorker(owner, jobId))?.kept ? owner : undefined;
}
