import type { Client } from "#controlplane/auth/client.ts";
import type { Lookup } from "#controlplane/lookup/lookup.ts";
import { checkVisible } from "#controlplane/lookup/visible.ts";
import type { WaitingJobs } from "#controlplane/queue/waiting-jobs.ts";
import type { Hubs } from "#controlplane/watch/hub.ts";
import { Fault } from "#shared/fault.ts";
import { isFinal } from "#shared/job/status.ts";

/** Cancels a job at its worker; throws `conflict` when it has ended or is being published. */
export type Cancel = (jobId: string, client: Client) => Promise<void>;

/** `startupTimeoutMs`: how long the worker may take to answer, should it be asleep. */
type Options = {
  hubs: Hubs;
  find: Lookup["find"];
  /** The jobs that wait for a worker; absent without a waiting room. */
  waiting: Pick<WaitingJobs, "cancel"> | undefined;
  startupTimeoutMs: number;
};

const cancelTimeoutMs = 10_000;

export const makeCancel =
  ({ hubs, find, waiting, startupTimeoutMs }: Options): Cancel =>
  async (jobId, client) => {
    if (await waiting?.cancel(jobId, client)) return;
    const hub = hubs.get(jobId);
    const { event, order, holder } = hub
      ? { event: hub.latest, order: hub.order, holder: hub.link }
      : await find(jobId);
    checkVisible(client, order);
    if (isFinal(event.status)) throw new Fault("conflict", `the job is already ${event.status}`);
    if (!holder || !(await holder.wake(startupTimeoutMs)))
      throw new Fault("unreachable", "the job's worker cannot be reached");
    const { success, message } = await holder.ask((calls) =>
      calls.cancelJob({ jobId }, { timeoutMs: cancelTimeoutMs }),
    );
    if (!success) throw new Fault("conflict", message || "the job can no longer be cancelled");
  };
