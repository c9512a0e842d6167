export type Semaphore = ReturnType<typeof makeSemaphore>;

/**
 * Gives out at most `limit` permits at a time, first come, first served. A permit is checked and taken in one step, and
 * returned when it is disposed. `mayAcquire` is told how many are in use and may refuse one more, but never the first.
 */
export function makeSemaphore(limit: number, mayAcquire: (inUse: number) => boolean = () => true) {
  const waiting = new Set<(permit: Disposable) => void>();
  let inUse = 0;
  const isFree = () => inUse < limit && mayAcquire(inUse);

  const release = () => {
    inUse -= 1;
    const [next] = waiting;
    if (!next || !isFree()) return;
    waiting.delete(next);
    next(permit());
  };
  const permit = (): Disposable => {
    inUse += 1;
    const held = new DisposableStack();
    held.defer(release);
    return held;
  };
  const tryAcquire = () => (waiting.size === 0 && isFree() ? permit() : undefined);
  const nextPermit = (signal: AbortSignal | undefined) => {
    const { promise, resolve, reject } = Promise.withResolvers<Disposable>();
    const leave = () => {
      waiting.delete(resolve);
      reject(signal?.reason);
    };
    waiting.add(resolve);
    signal?.addEventListener("abort", leave, { once: true });
    return promise.finally(() => signal?.removeEventListener("abort", leave));
  };

  return {
    limit,
    get inUse() {
      return inUse;
    },
    /** A permit if one is free and nobody waits for one. */
    tryAcquire,
    /** Waits for a permit. Throws the signal's reason when that aborts first. */
    async acquire(signal?: AbortSignal): Promise<Disposable> {
      signal?.throwIfAborted();
      return tryAcquire() ?? (await nextPermit(signal));
    },
  };
}
