export type Slots = ReturnType<typeof makeSlots>;

/**
 * Counts running jobs. A slot is checked and taken in one step, and frees itself when disposed. `mayTake` may refuse one
 * more than are running, but never the first.
 */
export function makeSlots(limit: number, mayTake: (running: number) => boolean = () => true) {
  let taken = 0;
  const waiting: Array<(slot: Disposable) => void> = [];
  const hasRoom = () => taken < limit && mayTake(taken);

  const take = (): Disposable => {
    taken += 1;
    let isHeld = true;
    return {
      [Symbol.dispose]() {
        if (!isHeld) return;
        isHeld = false;
        taken -= 1;
        if (waiting.length > 0 && hasRoom()) waiting.shift()?.(take());
      },
    };
  };

  return {
    limit,
    get taken() {
      return taken;
    },
    tryTake: (): Disposable | undefined => (waiting.length === 0 && hasRoom() ? take() : undefined),
    /** Waits for a slot, in the order of asking. */
    take: (): Promise<Disposable> =>
      hasRoom() ? Promise.resolve(take()) : new Promise((resolve) => waiting.push(resolve)),
  };
}
