const longestTimerMs = 2 ** 31 - 1;

export type LinkedSignal = Disposable & { signal: AbortSignal };

/**
 * A signal that aborts when one of these does, for the same reason, or after a time. It must be disposed:
 * `AbortSignal.any` would stay with a signal that lives as long as the process (Bun 1.4).
 */
export function linkedSignal(signals: readonly AbortSignal[], timeoutMs = Number.POSITIVE_INFINITY): LinkedSignal {
  const linked = new AbortController();
  const end = () => linked.abort(signals.find((signal) => signal.aborted)?.reason);
  const timer = timeoutMs <= longestTimerMs ? setTimeout(end, timeoutMs) : undefined;
  for (const signal of signals) signal.addEventListener("abort", end, { once: true });
  if (signals.some((signal) => signal.aborted)) end();
  return {
    signal: linked.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", end);
    },
  };
}
