import type { ControlPlaneMetrics } from "#controlplane/metrics.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { Pieces } from "#shared/job/pieces.ts";
import type { Log } from "#shared/log.ts";
import type { Trace } from "#shared/tracing/trace.ts";
import { type FindHelpers, makeHelpers } from "./help-candidates.ts";
import { helpWithPiece } from "./help-piece.ts";
import { makeOpenPieces } from "./open-pieces.ts";

/** A job whose film other workers may help to encode. */
type SharedJob = {
  jobId: string;
  /** The worker that has the job. */
  owner: Link;
  /** How many workers may encode its film, the owner among them. */
  workers: number;
};

/** The help that one job gets. Disposing of it ends all calls, and with them what the helpers encode. */
type JobHelp = Disposable & {
  /** Takes note of how far the pieces are, as the owner tells it. */
  heard(pieces: Pieces): void;
  /** Whether the owner has pieces that others may encode. */
  isWanted(): boolean;
};

export type HelpOptions = Omit<FindHelpers, "owner" | "missing" | "signal"> & {
  /** Whether an order waits for a worker: it goes before the pieces of jobs that run. */
  isOrderWaiting(): Promise<boolean>;
  /** Called when a worker has a slot again that a piece had. */
  freed(address: string): void;
  metrics: Pick<ControlPlaneMetrics, "helped">;
  trace: Trace;
  log: Log;
};

/** Gets workers with room to encode pieces of a job that another has. */
export type Help = (job: SharedJob) => JobHelp;

/** While pieces are open, workers are looked for so often, and whenever one is done with a piece. */
export const lookEveryMs = 2_000;

export function makeHelp(options: HelpOptions) {
  const wanted = new Set<() => number>();
  return {
    help: makeJobHelp(options, wanted),
    /** How many slots the films of all jobs have or would take, beside those of their owners. */
    wantedSlots: () => wanted.values().reduce((sum, slots) => sum + slots(), 0),
  };
}

const makeJobHelp =
  (options: HelpOptions, wanted: Set<() => number>): Help =>
  ({ jobId, owner, workers }) => {
    const { isOrderWaiting, freed, metrics, trace, log } = options;
    const closing = new AbortController();
    const pieces = makeOpenPieces();
    const calls = new Set<Link>();
    let ending = new AbortController();
    let timer: Timer | undefined;
    let isLooking = false;
    let isWaking = false;

    const missing = () => (closing.signal.aborted ? 0 : Math.min(workers - 1 - calls.size, pieces.free()));
    const slots = () => calls.size + Math.max(0, missing());
    wanted.add(slots);
    const helpers = makeHelpers({ ...options, owner, missing, signal: closing.signal });

    const help = async (link: Link) => {
      const piece = pieces.take();
      if (!piece) return helpers.ended(link, "closed");
      calls.add(link);
      const outcome = await helpWithPiece(link, { jobId, ...piece }, { signal: ending.signal, trace, log });
      calls.delete(link);
      pieces.ended(piece, outcome);
      helpers.ended(link, outcome);
      metrics.helped(link.address, outcome);
      freed(link.address);
      lookSoon(0);
    };
    const helpFrom = async (links: AsyncIterable<Link>) => {
      for await (const link of links) void help(link);
    };
    const wake = async () => {
      if (isWaking || missing() <= 0) return;
      isWaking = true;
      await helpFrom(helpers.woken()).finally(() => {
        isWaking = false;
      });
    };
    const look = async () => {
      if (isLooking || missing() <= 0) return;
      isLooking = true;
      try {
        if (await isOrderWaiting()) return;
        await helpFrom(helpers.awake());
        void wake().catch(failed);
      } catch (error) {
        failed(error);
      } finally {
        isLooking = false;
      }
    };
    const failed = (err: unknown) => log.warn({ err, job_id: jobId }, "no helpers can be found for a job now");
    const lookSoon = (ms: number) => {
      clearTimeout(timer);
      if (missing() > 0) timer = setTimeout(() => void look().then(() => lookSoon(lookEveryMs)), ms);
    };
    const endCalls = () => {
      ending.abort();
      ending = new AbortController();
    };

    return {
      heard(told) {
        const before = missing();
        const isNew = pieces.heard(told);
        if (isNew) helpers.forgive();
        if (isNew || !pieces.isAnyLeft()) endCalls();
        if (before <= 0) lookSoon(0);
      },
      isWanted: () => !closing.signal.aborted && pieces.isAnyLeft(),
      [Symbol.dispose]() {
        closing.abort();
        wanted.delete(slots);
        endCalls();
        clearTimeout(timer);
      },
    };
  };
