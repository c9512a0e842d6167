import { HttpFault } from "#controlplane/http/problem.ts";
import type { Lookup } from "#controlplane/lookup/lookup.ts";
import type { View } from "#controlplane/watch/hub.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { GetClaimResponse } from "#proto/worker/v1/worker_pb.js";
import { ignoring } from "#shared/errors.ts";
import { Fault, isFault } from "#shared/fault.ts";
import { isWaitingId } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";

/** The job that an earlier order with the same idempotency key has made. */
export type Repeat = { jobId: string; view: View };

/** What an idempotency key was used with. */
export type Asked = { tenant: string; idempotencyKey: string; orderHash: Uint8Array };

/**
 * Finds the job that holds the newest claim on an idempotency key; undefined when the claim is no longer valid. `link` is
 * the worker that has read the claim; absent: this control plane has.
 */
export type FindRepeat = (
  claim: Pick<GetClaimResponse, "number" | "jobId" | "sameOrder">,
  asked: Asked,
  link?: Link,
) => Promise<Repeat | undefined>;

type Options = Pick<Lookup, "askWorker"> & {
  viewOf(jobId: string): Promise<View>;
  /** Sees to it that no order is added to the waiting room under a claim any more; true when one was added before. */
  closeClaim(asked: Asked, number: number): Promise<boolean>;
  now(): number;
};

const keptAfterEndMs = 86_400_000;

export function makeFindRepeat({ askWorker, viewOf, closeClaim, now }: Options): FindRepeat {
  const known = (jobId: string) => viewOf(jobId).catch(ignoring((error) => isFault(error, "not_found")));
  /** A control plane may be about to add the order of the claim: either it has, or it never will. */
  const justAdded = async (jobId: string, asked: Asked, number: number) =>
    isWaitingId(jobId) && (await closeClaim(asked, number)) ? viewOf(jobId) : undefined;

  return async ({ number, jobId, sameOrder }, asked, link) => {
    const view = (await known(jobId)) ?? (await justAdded(jobId, asked, number));
    if (!view) {
      // A storage that did not answer may be why the job was not found: this worker must have read that there is no
      // record.
      if (link && (await askWorker(link, jobId)))
        throw new Fault("unreachable", "the key's job cannot be asked for; try again");
      return undefined;
    }
    const { status, timestamp } = view.latest;
    if (isFinal(status) && Date.parse(timestamp) + keptAfterEndMs < now()) return undefined;
    if (!sameOrder) throw new HttpFault(422, "Idempotency-Key: was used for another order");
    return { jobId, view };
  };
}
