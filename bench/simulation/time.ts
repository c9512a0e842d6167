/** What is simulated: a clock that goes on when nobody has anything to do, in seconds. */
export type Time = ReturnType<typeof makeTime>;

export function makeTime() {
  let now = 0;
  let waiting: { at: number; wake(): void }[] = [];
  const sleep = (seconds: number) =>
    new Promise<void>((wake) => {
      waiting.push({ at: now + Math.max(0, seconds), wake });
    });
  /** Lets all go on that can without the clock. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    sleep,
    /** Turns the clock until the work is done. */
    async run<T>(work: Promise<T>): Promise<T> {
      let isOver = false;
      const over = work.finally(() => {
        isOver = true;
      });
      for (await settle(); !isOver; await settle()) {
        const next = Math.min(...waiting.map(({ at }) => at));
        if (!Number.isFinite(next)) throw new Error("everybody waits for ever");
        now = next;
        const due = waiting.filter(({ at }) => at <= next);
        waiting = waiting.filter(({ at }) => at > next);
        for (const { wake } of due) wake();
      }
      return await over;
    },
  };
}

/** A core or a line: all who use it at the same time get an equal share of it. `use` takes seconds of it alone. */
export type Shared = ReturnType<typeof makeShared>;

export function makeShared(time: Time) {
  const users = new Set<{ left: number; done(): void }>();
  let settledAt = 0;
  let plan = 0;

  const settle = () => {
    const each = (time.now() - settledAt) / users.size;
    settledAt = time.now();
    for (const user of users) user.left -= each;
  };
  const leave = () => {
    for (const user of users) {
      if (user.left > 1e-6) continue;
      users.delete(user);
      user.done();
    }
  };
  const replan = () => {
    plan += 1;
    const ours = plan;
    if (users.size === 0) return;
    const first = Math.min(...[...users].map(({ left }) => left)) * users.size;
    void time.sleep(first).then(() => {
      if (ours !== plan) return;
      settle();
      leave();
      replan();
    });
  };

  return {
    /** Resolves when so many seconds of it were had, or the signal fires. */
    use(seconds: number, signal?: AbortSignal): Promise<void> {
      if (seconds <= 0 || signal?.aborted) return Promise.resolve();
      settle();
      return new Promise((resolve) => {
        const user = { left: seconds, done: resolve };
        users.add(user);
        signal?.addEventListener("abort", () => {
          settle();
          users.delete(user);
          replan();
          resolve();
        });
        replan();
      });
    },
  };
}
