import type { components } from "./api.d.ts";
import { eventsOf } from "./events.ts";
import { ApiFault } from "./fault.ts";

type JobEvent = components["schemas"]["Event"];

export type WatchOptions = {
  /** Ends watching; its reason is thrown. */
  signal?: AbortSignal | undefined;
  /** Events up to this sequence number are left out. Default: 0, which leaves out none. */
  after?: number;
  /** How long the stream may stay broken before watching fails. Default: 60,000. */
  patienceMs?: number;
};

type Open = (after: number, signal: AbortSignal) => Promise<Response>;

/** Yields the events of a job to the final one, reconnecting when the stream breaks. */
export async function* watch(open: Open, { signal, after = 0, patienceMs = 60_000 }: WatchOptions) {
  const timeLeft = makeReconnectTime(patienceMs);
  let isOver = false;
  const openAfter = async (signal: AbortSignal) => {
    const answer = await open(after, signal);
    timeLeft.stop();
    isOver = answer.status === 204;
    return answer;
  };
  do {
    for await (const event of untilLost(openAfter, signal)) {
      yield event;
      if (isFinal(event.status)) return;
      after = event.sequence;
      timeLeft.renew();
    }
    if (isOver) return;
  } while (await timeLeft.pause(signal));
  throw new ApiFault("unreachable", "the service has stopped answering");
}

export const isFinal = (status: JobEvent["status"]) =>
  status === "completed" || status === "failed" || status === "cancelled";

async function* untilLost(open: (signal: AbortSignal) => Promise<Response>, signal: AbortSignal | undefined) {
  try {
    yield* eventsOf(open, signal);
  } catch (error) {
    if (!(error instanceof ApiFault && error.isRetryable)) throw error;
  }
}

const firstPauseMs = 250;
const longestPauseMs = 4_000;

/**
 * The time that is left for reconnecting. It runs only while there is no stream, because a stream may be silent for
 * long, and every event renews it.
 */
function makeReconnectTime(totalMs: number) {
  let leftMs = totalMs;
  let pauseMs = firstPauseMs;
  let lostAt: number | undefined = performance.now();
  const count = () => {
    const now = performance.now();
    if (lostAt !== undefined) leftMs -= now - lostAt;
    return now;
  };
  return {
    /** A stream is open: the time stops. */
    stop() {
      count();
      lostAt = undefined;
    },
    /** An event has come. */
    renew() {
      leftMs = totalMs;
      pauseMs = firstPauseMs;
    },
    /** Pauses before the next connection, longer each time; false when the time is over. */
    async pause(signal: AbortSignal | undefined) {
      lostAt ??= performance.now();
      await delay(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      lostAt = count();
      return leftMs > 0;
    },
  };
}

// The client is built by itself, for other runtimes too: it imports nothing from outside its folder.
const delay = (ms: number, signal: AbortSignal | undefined) =>
  new Promise<void>((resolve, reject) => {
    signal?.throwIfAborted();
    const leave = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", leave);
      resolve();
    }, ms);
    signal?.addEventListener("abort", leave, { once: true });
  });
