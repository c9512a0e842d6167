import type { Dispatch, DispatchOptions } from "#controlplane/dispatch/dispatch.ts";
import type { Hubs, View } from "#controlplane/watch/hub.ts";
import { type Log, withoutSecrets } from "#shared/log.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";

export type Submit = (order: JobRequestInit, signal: AbortSignal, options: DispatchOptions) => Promise<Submitted>;

/** `isRepeat`: the job was made by an earlier order with the same idempotency key. */
type Submitted = { jobId: string; view: View; isRepeat: boolean };

/** Dispatches an order to a worker and follows the job from then on. */
export const makeSubmit =
  ({ dispatch, hubs, log }: { dispatch: Dispatch; hubs: Hubs; log: Log }): Submit =>
  async (order, signal, options) => {
    const accepted = await dispatch(order, signal, options);
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
