/** Lets at most `count` callers go on at a time, in order; a turn ends when it is disposed. */
export function makeTurns(count: number) {
  let taken = 0;
  const waiting = new Set<() => void>();

  const end = () => {
    const [next] = waiting;
    if (next) next();
    else taken -= 1;
  };

  return async (signal: AbortSignal): Promise<Disposable> => {
    signal.throwIfAborted();
    if (taken < count) taken += 1;
    else await called(waiting, signal);
    return { [Symbol.dispose]: end };
  };
}

const called = (waiting: Set<() => void>, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const leave = () => {
      waiting.delete(enter);
      reject(signal.reason);
    };
    const enter = () => {
      waiting.delete(enter);
      signal.removeEventListener("abort", leave);
      resolve();
    };
    signal.addEventListener("abort", leave, { once: true });
    waiting.add(enter);
  });
