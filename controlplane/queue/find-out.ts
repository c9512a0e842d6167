import { type FoundJob, lostAfter } from "#controlplane/lookup/found-job.ts";
import type { Lookup } from "#controlplane/lookup/lookup.ts";
import type { Links } from "#controlplane/workers/links.ts";
import { isFinal } from "#shared/job/status.ts";
import type { HandOvers } from "#shared/queue/hand-overs.ts";
import type { Placed } from "./waiting-room.ts";

/**
 * What became of an offered order. `free`: no worker has it, and none will accept it under a try before `number`.
 * `lost`: whoever had it did not come back in time.
 */
type FoundOut =
  | { is: "free"; number: number }
  | { is: "accepted"; address: string }
  | { is: "ended" | "lost" | "unknown" };

type Offered = Extract<Placed["place"], { state: "offered" }>;

export type FindOut = (placed: Placed) => Promise<FoundOut>;

type Options = Pick<Lookup, "askWorker"> & {
  /** The record of a job; throws when it cannot be read. */
  readRecord(jobId: string): Promise<FoundJob | undefined>;
  handOvers: Pick<HandOvers, "readClaim" | "readEnd">;
  links: Links;
  startupTimeoutMs: number;
  /** The deadline of an attempt; 0: none. */
  jobTimeoutMs: number;
  now(): number;
};

type Claim = Awaited<ReturnType<HandOvers["readClaim"]>>;

const readTimeoutMs = 10_000;

/** Asks the claims, the record and the worker that claimed the order what became of it. */
export function makeFindOut({
  readRecord,
  handOvers,
  askWorker,
  links,
  startupTimeoutMs,
  jobTimeoutMs,
  now,
}: Options): FindOut {
  const recorded = async (id: string, address: string): Promise<FoundOut | undefined> => {
    const record = await readRecord(id);
    if (!record) return undefined;
    return isFinal(record.event.status) ? { is: "ended" } : { is: "accepted", address: record.worker ?? address };
  };

  /** What the worker says that has claimed the order; whether it has had its time, when it cannot be reached. */
  const askClaimant = async (id: string, address: string, { number, offeredAt }: Offered): Promise<FoundOut> => {
    const link = links.known().find((worker) => worker.address === address);
    if (!link || !(await link.wake(startupTimeoutMs))) {
      const job = { jobId: id, acceptedAt: new Date(offeredAt).toISOString() };
      return { is: now() > lostAfter(job, jobTimeoutMs, now()) ? "lost" : "unknown" };
    }
    const asked = await askWorker(link, id);
    if (asked?.holder) return { is: "accepted", address };
    // The job may have ended between the two questions.
    return (await recorded(id, address)) ?? { is: "free", number: number + 1 };
  };

  /** An order that a worker has taken and perhaps ended already, which is followed until that is recorded. */
  const askAll = async (id: string, place: Offered, claim: Claim, isEnded: boolean): Promise<FoundOut> => {
    const address = claim?.address || place.address;
    const known = await recorded(id, address);
    if (known) return known;
    return isEnded ? { is: "accepted", address } : askClaimant(id, address, place);
  };

  return async ({ id, place }) => {
    if (place.state !== "offered") return { is: "unknown" };
    const signal = AbortSignal.timeout(readTimeoutMs);
    const end = await handOvers.readEnd(id, signal);
    if (end && end.by !== "worker") return { is: "ended" };
    const number = end ? end.number : place.number;
    const claim = await handOvers.readClaim(id, number, signal);
    // Of two workers that are offered one try, only one can claim it.
    if (!claim && !end) return { is: "free", number };
    return askAll(id, place, claim, end !== undefined);
  };
}
