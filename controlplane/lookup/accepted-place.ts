import { Fault } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import type { FoundJob } from "./found-job.ts";

/** What the waiting room knows of a job that a worker has taken. */
export type AcceptedPlace = {
  /** The address of that worker. */
  address: string;
  /** RFC 3339. */
  acceptedAt: string;
  order: JobRequestInit | undefined;
};

/** Asks the waiting room for a job; undefined when it knows of no worker that has taken it. Throws when it cannot be asked. */
export type PlaceOf = (jobId: string) => Promise<AcceptedPlace | undefined>;

/**
 * Ends a job that has waited, whose worker has lost it or is away for too long, with this event. Resolves with the event
 * that it has ended with, which is another where somebody has ended it before.
 */
export type EndLost = (event: JobEvent) => Promise<JobEvent>;

/** A job that a worker has taken from the waiting room and has not recorded. */
export function unrecorded(jobId: string, place: AcceptedPlace | Fault | undefined): FoundJob | undefined {
  if (!place || place instanceof Fault) return undefined;
  const { address: worker, acceptedAt, order } = place;
  return {
    event: { jobId, sequence: 0, status: "queued", attempt: 1, timestamp: acceptedAt, acceptedAt },
    ...{ order, sourceRedacted: false, callbackRedacted: false, holder: undefined, kept: false, acceptedAt, worker },
  };
}
