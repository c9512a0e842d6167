import { HttpFault } from "#controlplane/http/problem.ts";
import type { Lookup } from "#controlplane/lookup/lookup.ts";
import type { View } from "#controlplane/watch/hub.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { GetClaimResponse } from "#proto/worker/v1/worker_pb.js";
import { Fault } from "#shared/fault.ts";
import { isFinal } from "#shared/job/status.ts";

/** The job that an earlier order with the same idempotency key has made. */
export type Repeat = { jobId: string; view: View };

/**
 * Finds the job that holds the newest claim on an idempotency key, as a worker reads the claim; undefined when the
 * claim is no longer valid.
 */
export type FindRepeat = (claim: GetClaimResponse, link: Link) => Promise<Repeat | undefined>;

type Options = Pick<Lookup, "askWorker"> & { viewOf(jobId: string): Promise<View>; now(): number };

const keptAfterEndMs = 86_400_000;

export const makeFindRepeat =
  ({ askWorker, viewOf, now }: Options): FindRepeat =>
  async ({ jobId, sameOrder }, link) => {
    const view = await viewOf(jobId).catch((error) => {
      if (error instanceof Fault && error.kind === "not_found") return undefined;
      throw error;
    });
    if (!view) {
      // A storage that did not answer may be why the job was not found: this worker must have read that there is no
      // record.
      if (await askWorker(link, jobId)) throw new Fault("unreachable", "the key's job cannot be asked for; try again");
      return undefined;
    }
    const { status, timestamp } = view.latest;
    if (isFinal(status) && Date.parse(timestamp) + keptAfterEndMs < now()) return undefined;
    if (!sameOrder) throw new HttpFault(422, "Idempotency-Key: was used for another order");
    return { jobId, view };
  };
