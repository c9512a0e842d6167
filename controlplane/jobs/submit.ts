import type { Dispatch } from "#controlplane/dispatch/dispatch.ts";
import type { Link } from "#controlplane/workers/link.ts";
import { type Log, withoutSecrets } from "#shared/log.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import type { Hubs, View } from "./hub.ts";

/** `first` is the worker to ask before all others. */
export type Submit = (order: JobRequestInit, signal: AbortSignal, first?: Link) => Promise<Submitted>;

/** `isRepeat`: it is the job of an earlier order with the same idempotency key. */
export type Submitted = { jobId: string; view: View; isRepeat: boolean };

/** Finds a worker for an order and follows the job from then on. */
export const makeSubmit =
  ({ dispatch, hubs, log }: { dispatch: Dispatch; hubs: Hubs; log: Log }): Submit =>
  async (order, signal, first) => {
    const accepted = await dispatch(order, signal, first);
    if ("view" in accepted) return { ...accepted, isRepeat: true };
    const { jobId, link } = accepted;
    const view = hubs.adopt(accepted, order);
    const input = withoutSecrets(order.inputUrl ?? "");
    const { preset, tenant } = order;
    log.info(
      { job_id: jobId, ...(tenant && { tenant }), worker: link.address, preset, input_url: input },
      "job accepted",
    );
    return { jobId, view, isRepeat: false };
  };
