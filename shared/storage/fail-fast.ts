import { linkedSignal } from "#shared/async/linked-signal.ts";
import type { Fault } from "#shared/fault.ts";
import { onFailedAttempt } from "./requests.ts";

/** How long a caller is kept waiting for an answer. All times are milliseconds. */
export type FailFastLimits = {
  /** How long the storage may go on retrying after its first failure. */
  afterFailureMs: number;
  /** How long nothing may arrive at all. */
  silentMs: number;
};

/**
 * Asks a storage on behalf of somebody who waits. Gives up soon after the first failure, with its fault, or with a
 * TimeoutError when nothing arrives. The work must obey the signal, and call `alive` whenever something arrives.
 */
export async function failFast<T>(
  signal: AbortSignal,
  { afterFailureMs, silentMs }: FailFastLimits,
  ask: (signal: AbortSignal, alive: () => void) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
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
  using linked = linkedSignal([signal, over.signal]);
  try {
    signal.throwIfAborted();
    return await onFailedAttempt(hear, () => ask(linked.signal, alive));
  } finally {
    clearTimeout(silent);
    clearTimeout(failed);
  }
}
