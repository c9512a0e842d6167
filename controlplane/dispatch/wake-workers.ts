import type { Link } from "#controlplane/workers/link.ts";
import { delay } from "#shared/async/delay.ts";
import { linkedSignal } from "#shared/async/linked-signal.ts";

type Options = {
  /** How long a machine may take to start, and for how long refused connections are tried again. */
  timeoutMs: number;
  /** Asked once every worker was tried: whether to stop waiting. */
  isEnough(): boolean;
  signal: AbortSignal;
};

const retryMs = 250;

/**
 * Connects to the workers one after the other, which starts their machines, and yields each one that answers. A refused
 * connection is tried again in the background and makes way for the next worker at once; a slow one is waited for,
 * because its machine may be starting.
 */
export async function* wakeWorkers(
  links: readonly Link[],
  { timeoutMs, isEnough, signal }: Options,
): AsyncGenerator<Link> {
  const untried = [...links];
  const tries = new Map<Link, Promise<{ link: Link; isConnected: boolean }>>();
  const over = performance.now() + timeoutMs;
  const leaving = new AbortController();
  using linked = linkedSignal([signal, leaving.signal]);
  const stop = linked.signal;
  let first: Link | undefined;

  const connect = (link: Link, pauseMs: number) => {
    const connected = async () => {
      await delay(pauseMs, stop);
      return { link, isConnected: !stop.aborted && (await link.connect(timeoutMs, stop)) };
    };
    tries.set(link, connected());
  };
  const beginNext = () => {
    first ??= untried.shift();
    if (first && !tries.has(first)) connect(first, 0);
  };

  try {
    while (!signal.aborted) {
      beginNext();
      if (tries.size === 0 || (!first && isEnough())) return;
      const { link, isConnected } = await Promise.race(tries.values());
      tries.delete(link);
      if (isConnected) yield link;
      if (link === first) first = undefined;
      if (performance.now() < over) connect(link, retryMs);
    }
  } finally {
    leaving.abort();
  }
}
