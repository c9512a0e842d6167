export type Slots = ReturnType<typeof makeSlots>;

/** Counts running jobs. A slot is checked and taken in one step, and frees itself when disposed. */
export function makeSlots(limit: number) {
  let taken = 0;
  const waiting: Array<(slot: Disposable) => void> = [];

  const take = (): Disposable => {
    taken += 1;
    let isHeld = true;
    return {
      [Symbol.dispose]() {
        if (!isHeld) return;
        isHeld = false;
        taken -= 1;
        if (taken < limit) waiting.shift()?.(take());
      },
    };
  };

  return {
    limit,
    get taken() {
      return taken;
    },
    tryTake: (): Disposable | undefined => (taken < limit ? take() : undefined),
    /** Waits for a slot, in the order of asking. */
    take: (): Promise<Disposable> =>
      taken < limit ? Promise.resolve(take()) : new Promise((resolve) => waiting.push(resolve)),
  };
}
