import type { Tenant } from "#controlplane/auth/client.ts";
import type { Dispatch, DispatchOptions } from "#controlplane/dispatch/dispatch.ts";
import type { AcceptedJob, Hubs, View } from "#controlplane/watch/hub.ts";
import { type Log, withoutSecrets } from "#shared/log.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import type { Repeat } from "./idempotency.ts";

/** What may be asked of an order besides what it says. */
export type SubmitOptions = DispatchOptions & {
  /** The tenant's limits in the waiting room. */
  tenant: Pick<Tenant, "maxRunning" | "maxWaiting">;
};

export type Submit = (order: JobRequestInit, signal: AbortSignal, options: SubmitOptions) => Promise<Submitted>;

/** `isRepeat`: the job was made by an earlier order with the same idempotency key. */
export type Submitted = { jobId: string; view: View; isRepeat: boolean };

/** Dispatches an order to a worker and follows the job from then on. */
export const makeSubmit =
  ({ dispatch, hubs, log }: { dispatch: Dispatch; hubs: Hubs; log: Log }): Submit =>
  async (order, signal, options) =>
    adopted(await dispatch.any(order, signal, options), order, { hubs, log });

/** Follows a job that a worker has accepted, or answers for the job of an earlier order. */
export function adopted(
  accepted: AcceptedJob | Repeat,
  order: JobRequestInit,
  { hubs, log }: { hubs: Pick<Hubs, "adopt">; log: Log },
): Submitted {
  if ("view" in accepted) return { ...accepted, isRepeat: true };
  const { jobId, link } = accepted;
  const view = hubs.adopt(accepted, order);
  log.info({ job_id: jobId, worker: link.address, ...orderFields(order) }, "job accepted");
  return { jobId, view, isRepeat: false };
}

/** What the log tells of an order. */
export const orderFields = ({ inputUrl = "", inputs = [], preset, tenant }: JobRequestInit) => ({
  ...(tenant && { tenant }),
  preset,
  ...(inputs.length > 0
    ? { inputs: inputs.map(({ url = "" }) => withoutSecrets(url)) }
    : { input_url: withoutSecrets(inputUrl) }),
});
