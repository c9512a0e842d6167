import type { Job } from "#worker/job/job.ts";

/** The slot that a job waits for; one that is cancelled or stopped meanwhile ends without. */
export async function turnOf({ signal }: Pick<Job, "signal">, ready: Promise<Disposable>): Promise<Disposable> {
  const held = new DisposableStack();
  const isUp = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => isUp.resolve(), { once: true });
  if (signal.aborted) isUp.resolve();
  const taken = ready.then((slot) => (held.disposed ? slot[Symbol.dispose]() : void held.use(slot)));
  await Promise.race([taken, isUp.promise]);
  return held;
}
