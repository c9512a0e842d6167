import type { components } from "./api.d.ts";
import { eventsOf } from "./events.ts";
import { ApiFault } from "./fault.ts";

type JobEvent = components["schemas"]["Event"];

export type WatchOptions = {
  signal?: AbortSignal | undefined;
  /** Events up to this sequence are left out. */
  after?: number;
  /** How long the stream may stay lost before watching is given up. */
  patienceMs?: number;
};

type Open = (after: number, signal: AbortSignal) => Promise<Response>;

/** A job's events to the final one. A lost stream is taken up again where it broke. */
export async function* watch(open: Open, { signal, after = 0, patienceMs = 60_000 }: WatchOptions) {
  const patience = makePatience(patienceMs);
  let isOver = false;
  const openAfter = async (signal: AbortSignal) => {
    const answer = await open(after, signal);
    patience.rest();
    isOver = answer.status === 204;
    return answer;
  };
  do {
    for await (const event of untilLost(openAfter, signal)) {
      yield event;
      if (isFinal(event.status)) return;
      after = event.sequence;
      patience.renew();
    }
    if (isOver) return;
  } while (await patience.wait(signal));
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

/** Lasts so long without an event, and wears off only while there is no stream: one may be silent for long. */
function makePatience(patienceMs: number) {
  let leftMs = patienceMs;
  let pauseMs = firstPauseMs;
  let lostAt: number | undefined = performance.now();
  const wear = () => {
    const now = performance.now();
    if (lostAt !== undefined) leftMs -= now - lostAt;
    return now;
  };
  return {
    /** There is a stream. */
    rest() {
      wear();
      lostAt = undefined;
    },
    renew() {
      leftMs = patienceMs;
      pauseMs = firstPauseMs;
    },
    /** Waits before the next try, longer each time; false when patience is at its end. */
    async wait(signal: AbortSignal | undefined) {
      lostAt ??= performance.now();
      await pause(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      lostAt = wear();
      return leftMs > 0;
    },
  };
}

const pause = (ms: number, signal: AbortSignal | undefined) =>
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
