/** Queues by key: work of one key runs one after the other, in the order of asking; keys do not wait for each other. */
export function makeSerial() {
  const last = new Map<string, Promise<unknown>>();
  return {
    /** Runs the work after all that was given before it for this key, whether that failed or not. */
    run<T>(key: string, work: () => Promise<T>): Promise<T> {
      const begin = async () => work();
      const running = last.get(key)?.then(begin, begin) ?? begin();
      const forget = () => {
        if (last.get(key) === running) last.delete(key);
      };
      last.set(key, running);
      running.then(forget, forget);
      return running;
    },
    /** Resolves when what was given so far for this key is over, whether it failed or not. */
    async idle(key: string): Promise<void> {
      await last.get(key)?.catch(() => {});
    },
  };
}
