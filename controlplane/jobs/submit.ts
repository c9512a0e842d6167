import type { Dispatch } from "#controlplane/dispatch/dispatch.ts";
import type { JobRequestInit } from "#controlplane/dispatch/offer.ts";
import { type Log, withoutSecrets } from "#shared/log.ts";
import type { Hubs, View } from "./hub.ts";

export type Submit = (order: JobRequestInit, signal: AbortSignal) => Promise<{ jobId: string; view: View }>;

/** Finds a worker for an order and follows the job from then on. */
export const makeSubmit =
  ({ dispatch, hubs, log }: { dispatch: Dispatch; hubs: Hubs; log: Log }): Submit =>
  async (order, signal) => {
    const accepted = await dispatch(order, signal);
    const { jobId, link } = accepted;
    const view = hubs.adopt(accepted);
    const input = withoutSecrets(order.inputUrl ?? "");
    log.info({ job_id: jobId, worker: link.address, preset: order.preset, input_url: input }, "job accepted");
    return { jobId, view };
  };
