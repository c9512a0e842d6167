import type { Log } from "#shared/log.ts";
import type { CompleteEnds } from "#shared/queue/complete-end.ts";
import type { Records } from "#shared/records.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

type Options = {
  records: Pick<Records, "sweep" | "expire">;
  /** Completes ends that somebody has decided and not recorded. */
  ends: Pick<CompleteEnds, "complete">;
  /** Removes the boards of pieces that nobody needs any more; how many that were. */
  sweepBoards(signal: AbortSignal): Promise<number>;
  /** How long records are kept after the end of their jobs, in milliseconds; undefined: for ever. */
  keptMs: number | undefined;
  now(): number;
  log: Pick<Log, "warn" | "info">;
};

/**
 * Once a day, at the start or when a day begins while the worker is up anyway, sees to it that lists find the records of
 * former versions, and that those of jobs that ended long ago are removed, which of the workers that share the records one
 * does; and that no boards of pieces are left over.
 */
export function makeDailySweep({ records, ends, sweepBoards, keptMs, now, log }: Options) {
  const stopping = new AbortController();
  const by = crypto.randomUUID();
  const mark = oncePerDay(async () => {
    const outcome = await records.sweep(by, stopping.signal, ends.complete);
    if (outcome === "swept") log.info("the markers of recent jobs are complete");
    // In an empty storage nothing is written before the first job.
    return outcome !== "empty";
  });
  const expire = oncePerDay(async () => {
    const removed = keptMs === undefined ? 0 : await records.expire({ by, keptMs }, stopping.signal);
    if (removed) log.info({ removed }, "the records of jobs that ended long ago are removed");
    return true;
  });
  const clear = oncePerDay(async () => {
    const removed = await sweepBoards(stopping.signal);
    if (removed) log.info({ removed }, "boards of pieces that nobody needs any more are removed");
    return true;
  });
  const sweep = async () => {
    if (stopping.signal.aborted) return;
    const today = Math.floor(now() / dayMs);
    try {
      await mark(today);
      await expire(today);
      await clear(today);
    } catch (err) {
      if (!stopping.signal.aborted) log.warn({ err }, "not all records and boards are swept; trying again in an hour");
    }
  };
  let running = Promise.resolve();
  let timer: ReturnType<typeof setInterval> | undefined;
  const next = () => {
    running = running.then(sweep);
  };
  return {
    begin() {
      next();
      timer = setInterval(next, hourMs);
      // It keeps no worker up.
      timer.unref();
    },
    /** Called when a job has ended. */
    next,
    async stop() {
      clearInterval(timer);
      stopping.abort(new Error("the worker stops"));
      await running;
    },
  };
}

/** Repeats work until it says that it is done for the day. */
function oncePerDay(work: () => Promise<boolean>) {
  let doneOn: number | undefined;
  return async (today: number) => {
    if (doneOn !== today && (await work())) doneOn = today;
  };
}
