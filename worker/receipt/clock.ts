export type Clock = ReturnType<typeof makeClock>;

/** Adds up the seconds in which anything is going on; things at the same time count once. */
export function makeClock(before = 0, now: () => number = monotonic) {
  let total = before;
  let running = 0;
  let since = 0;

  return {
    seconds: () => total + (running > 0 ? now() - since : 0),
    async time<T>(work: () => T | Promise<T>): Promise<T> {
      if (running === 0) since = now();
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
        if (running === 0) total += now() - since;
      }
    },
  };
}

export type Shares = ReturnType<typeof makeShares>;

/** Clocks that share the time equally while several run: together they show no more seconds than have passed. */
export function makeShares(now: () => number = monotonic) {
  let running = 0;
  let each = 0;
  let since = now();

  const settle = () => {
    const until = now();
    if (running > 0) each += (until - since) / running;
    since = until;
    return each;
  };

  /** Not reentrant. */
  return (before = 0): Clock => {
    let total = before;
    let entered: number | undefined;
    return {
      seconds: () => total + (entered === undefined ? 0 : settle() - entered),
      async time(work) {
        entered = settle();
        running += 1;
        try {
          return await work();
        } finally {
          total += settle() - entered;
          entered = undefined;
          running -= 1;
        }
      },
    };
  };
}

const monotonic = () => performance.now() / 1_000;
