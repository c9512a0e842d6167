import type { Client } from "#controlplane/auth/client.ts";
import { finalEvent } from "#controlplane/watch/final-event.ts";
import type { Submission } from "./retry.ts";
import type { Submit } from "./submit.ts";

/** Counts a job of a client until it is disposed of; throws a 429 beyond the client's limit. */
export type TakeJob = (client: Client) => Disposable;

type Options = {
  submit: Submit;
  takeJob: TakeJob;
  /** Aborts when the service stops. */
  closing: AbortSignal;
};

/** Submits orders within the job limit of each client. A job counts until it ends, and a repeated order counts nothing. */
export function makeLimitedSubmit({ submit, takeJob, closing }: Options) {
  return async (client: Client, { order, first, refusal }: Submission, signal: AbortSignal) => {
    let slot: Disposable | undefined;
    const free = () => slot?.[Symbol.dispose]();
    const begin = () => {
      if (refusal) throw refusal;
      if (client.limits.jobs !== undefined) slot ??= takeJob(client);
    };
    if (!order.idempotencyKey) begin();
    try {
      const submitted = await submit(order, signal, { first, begin, tenant: client.tenant });
      if (submitted.isRepeat) free();
      // What nothing limits need not be watched to its end.
      else if (slot) void finalEvent(submitted.view, closing).finally(free);
      return submitted;
    } catch (error) {
      free();
      throw error;
    }
  };
}
