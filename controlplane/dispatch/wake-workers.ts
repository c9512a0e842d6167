import type { Link } from "#controlplane/workers/link.ts";
import { pauseAfter } from "#shared/async/backoff.ts";
import { delay } from "#shared/async/delay.ts";
import { linkedSignal } from "#shared/async/linked-signal.ts";
import { makeWakeClaims, type WakeClaims } from "./wake-claims.ts";

type Options = {
  /** How long a machine may take to start, and for how long refused connections are tried again. */
  timeoutMs: number;
  /** Asked once every worker was tried: whether to stop waiting. */
  isEnough(): boolean;
  /** How many machines to wait for at a time; asked again whenever a worker has answered or failed. Default: 1. */
  wanted?(): number;
  /** The longest pause before a worker is tried again, in milliseconds. Default: 250, which is the first pause too. */
  longestRetryMs?: number;
  signal: AbortSignal;
};

/** A worker that answers. */
type AwakeWorker = {
  link: Link;
  /** How long it was waited for. */
  waitedMs: number;
  /** Whether it is one of those that this caller wanted; else another has waited for it, or it was given up before. */
  isOwn: boolean;
};

/**
 * Starts the machines of workers, `wanted` at a time, and yields each worker that answers. A refused connection is tried
 * again in the background and makes way for the next worker at once. A slow one is waited for, because its machine may
 * be starting, even behind a front that has accepted the connection. Of several callers at the same time each waits for
 * a machine of its own as far as there are enough, and hears of the others' once those have had their turn.
 */
export type WakeWorkers = (links: readonly Link[], options: Options) => AsyncGenerator<AwakeWorker>;

const firstRetryMs = 250;

/**
 * A worker that runs answers sooner. So long a caller waits for a machine that another has just begun to wait for, which
 * may have room for both, before it starts one of its own.
 */
const promptMs = 500;

/** All that wake the workers of one service share one of these. */
export function makeWakeWorkers(): WakeWorkers {
  const claims = makeWakeClaims();
  return (links, options) => wake(links, options, claims);
}

async function* wake(
  links: readonly Link[],
  { timeoutMs, isEnough, wanted = () => 1, longestRetryMs = firstRetryMs, signal }: Options,
  claims: WakeClaims,
): AsyncGenerator<AwakeWorker> {
  const began = performance.now();
  const untried = new Set(links);
  const claimed = new Set<Link>();
  const triedAt = new Map<Link, number>();
  const retries = new Map<Link, number>();
  const trying = new Set<Link>();
  const events = makeEvents();
  const leaving = new AbortController();
  using linked = linkedSignal([signal, leaving.signal]);
  using expected = new DisposableStack();
  using _ = claims.listen((link) => untried.has(link) && events.push({ link, isAwake: true }));
  const stop = linked.signal;

  const attempt = async (link: Link, pauseMs: number) => {
    if (!triedAt.has(link)) expected.use(link.expect());
    triedAt.set(link, triedAt.get(link) ?? performance.now());
    trying.add(link);
    await delay(pauseMs, stop);
    events.push({ link, isAwake: !stop.aborted && (await link.wake(timeoutMs, stop)) });
  };
  const retry = (link: Link) => {
    const times = (retries.get(link) ?? 0) + 1;
    retries.set(link, times);
    return attempt(link, pauseAfter(times, { firstPauseMs: firstRetryMs, longestPauseMs: longestRetryMs }));
  };
  /** Claims what is wanted; true if it is left for a moment to machines that others wait for. */
  const claimUntried = () => {
    const holdMs = promptMs - Math.max(claims.youngestOf(untried), performance.now() - began);
    if (holdMs > 0) void delay(holdMs, stop).then(() => events.push({}));
    while (holdMs <= 0 && claimed.size < wanted()) {
      const next = claims.leastOf(untried);
      if (!next) break;
      untried.delete(next);
      claimed.add(next);
      claims.take(next);
      void attempt(next, 0);
    }
    return holdMs > 0;
  };
  const release = (link: Link, isAwake: boolean) => {
    if (claimed.delete(link)) claims.release(link, isAwake);
  };

  const isOver = () => trying.size === 0 || (claimed.size === 0 && isEnough());

  let current: Link | undefined;
  try {
    while (!signal.aborted && (claimUntried() || !isOver())) {
      const { link, isAwake = false } = await events.next();
      if (!link) continue;
      trying.delete(link);
      untried.delete(link);
      if (isAwake) {
        current = link;
        yield { link, waitedMs: performance.now() - (triedAt.get(link) ?? began), isOwn: claimed.has(link) };
      }
      release(link, isAwake);
      if (performance.now() - began < timeoutMs) void retry(link);
    }
  } finally {
    leaving.abort();
    for (const link of claimed) release(link, link === current);
  }
}

type Event = { link?: Link; isAwake?: boolean };

/** What has happened, in order. */
function makeEvents() {
  const { readable, writable } = new TransformStream<Event>();
  const [reader, writer] = [readable.getReader(), writable.getWriter()];
  return {
    push: (event: Event) => void writer.write(event),
    next: async () => (await reader.read()).value ?? {},
  };
}
