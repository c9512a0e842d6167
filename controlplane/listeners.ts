/** Functions that are called with what is told, until each is disposed of. */
export function makeListeners<T>() {
  const listeners = new Set<(told: T) => void>();
  return {
    tell(told: T) {
      for (const listener of [...listeners]) listener(told);
    },
    add(listener: (told: T) => void): Disposable {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
