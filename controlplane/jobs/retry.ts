import type { Client } from "#controlplane/auth/client.ts";
import type { Link } from "#controlplane/workers/link.ts";
import { Fault } from "#shared/fault.ts";
import { isFinal } from "#shared/job/status.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import type { Lookup } from "./lookup.ts";
import { checkAgain, checkKnown } from "./permitted.ts";

type Options = Pick<Lookup, "find" | "ownerOf" | "askWorker"> & { timeoutMs: number; startupTimeoutMs: number };

/** An order, and the worker that is to be asked first. */
export type OrderAgain = { order: JobRequestInit; first: Link | undefined };

/** The order that repeats an ended job; a worker that keeps its output is asked first, for it encodes nothing. */
export async function orderAgain(jobId: string, client: Client, options: Options): Promise<OrderAgain> {
  const { event, order, isSourceRedacted } = await options.find(jobId);
  checkKnown(client, order);
  if (!isFinal(event.status)) throw new Fault("conflict", "the job has not ended");
  const first = event.error?.kind === "delivery_failed" ? await keeperOf(jobId, options) : undefined;
  if (!order || (isSourceRedacted && !first))
    throw new Fault("conflict", "the job's source address is not kept in full; post the order again");
  checkAgain(order, client);
  return { order: { ...order, idempotencyKey: "", retryOf: jobId, timeoutMs: BigInt(options.timeoutMs) }, first };
}

async function keeperOf(jobId: string, { ownerOf, askWorker, startupTimeoutMs }: Options) {
  const owner = ownerOf(jobId);
  if (!owner || !(await owner.connect(startupTimeoutMs))) return undefined;
  return (await askWorker(owner, jobId))?.isKept ? owner : undefined;
}
