import type { Log } from "#shared/log.ts";
import type { Records } from "#shared/records.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

type Options = { records: Pick<Records, "sweep">; now(): number; log: Pick<Log, "warn" | "info"> };

/**
 * Once a day, at the start or when a day begins while the worker is up anyway, sees to it that lists find the records of
 * former versions. Of the workers that share the records one does it.
 */
export function makeDailySweep({ records, now, log }: Options) {
  const stopping = new AbortController();
  const by = crypto.randomUUID();
  let doneOn: number | undefined;
  const sweep = async () => {
    const today = Math.floor(now() / dayMs);
    if (doneOn === today || stopping.signal.aborted) return;
    try {
      const outcome = await records.sweep(by, stopping.signal);
      if (outcome === "swept") log.info("the markers of recent jobs are complete");
      // In an empty storage nothing is written before the first job.
      if (outcome !== "empty") doneOn = today;
    } catch (err) {
      if (!stopping.signal.aborted) log.warn({ err }, "markers of recent jobs may be missing; trying again in an hour");
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
