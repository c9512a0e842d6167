import type { Fault } from "#shared/fault.ts";
import { onFailedAttempt } from "./requests.ts";

/** How long those who wait for an answer are kept waiting, in milliseconds. */
export type Haste = {
  /** From the first failure on, for what the storage does about it itself. */
  afterFailureMs: number;
  /** Without a word. */
  silentMs: number;
};

/**
 * Asks a storage for somebody who waits: gives up soon after the first failure, with its fault, or when nothing comes, with
 * a TimeoutError. What is asked must take the signal, and call `alive` when there is headway.
 */
export async function inHaste<T>(
  signal: AbortSignal,
  { afterFailureMs, silentMs }: Haste,
  ask: (signal: AbortSignal, alive: () => void) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const leave = () => over.abort(signal.reason);
  const silence = () => over.abort(new DOMException("nothing came in time", "TimeoutError"));
  let silent = setTimeout(silence, silentMs);
  let failed: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(silent);
    clearTimeout(failed);
    failed = undefined;
    silent = setTimeout(silence, silentMs);
  };
  const hear = (fault: Fault) => {
    failed ??= setTimeout(() => over.abort(fault), afterFailureMs);
  };
  signal.addEventListener("abort", leave, { once: true });
  try {
    signal.throwIfAborted();
    return await onFailedAttempt(hear, () => ask(over.signal, alive));
  } finally {
    clearTimeout(silent);
    clearTimeout(failed);
    signal.removeEventListener("abort", leave);
  }
}
