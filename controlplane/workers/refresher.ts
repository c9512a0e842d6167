import { delay } from "#shared/async/delay.ts";
import type { Discovery } from "./discovery.ts";

// The resolver keeps answers for their TTL, and is not asked more often than this even if that is shorter.
const freshMs = 5_000;
const freshAfterMissMs = 1_000;
// A request waits no longer for a DNS server that is slow, as long as there is an earlier answer.
const longestWaitMs = 1_000;

type RefreshOptions = { now(): number; hasWork(): boolean; onAnswer(): Promise<unknown> };

/** Asks DNS one time for all who wait, and goes on asking while there is work. */
export function makeRefresher(discoveries: readonly Discovery[], { now, hasWork, onAnswer }: RefreshOptions) {
  const closing = new AbortController();
  let askedAt = Number.NEGATIVE_INFINITY;
  let freshAt = Number.NEGATIVE_INFINITY;
  let isAnswered = false;
  let asking: Promise<void> | undefined;
  let timer: Timer | undefined;

  const ask = async (isFresh: boolean) => {
    askedAt = now();
    if (isFresh) freshAt = askedAt;
    await Promise.all(discoveries.map((discovery) => discovery.resolve({ isFresh })));
    if (closing.signal.aborted) return;
    await onAnswer();
    isAnswered = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (hasWork()) void begin(false);
    }, freshMs);
    timer.unref();
  };
  const begin = (isFresh: boolean): Promise<void> => {
    if (asking && isFresh && freshAt !== askedAt) return asking.then(() => begin(true));
    asking ??= ask(isFresh).finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return {
    async refresh({ isMissed = false } = {}) {
      if (discoveries.length === 0 || closing.signal.aborted) return;
      // The first answer cannot be a remembered one.
      const isFresh = isMissed || !isAnswered;
      const isOld = isMissed ? now() - freshAt >= freshAfterMissMs : now() - askedAt >= freshMs;
      const answer = isOld ? begin(isFresh) : asking;
      if (!answer) return;
      await (isAnswered ? atMost(longestWaitMs, answer) : answer);
    },
    close() {
      closing.abort();
      clearTimeout(timer);
    },
  };
}

async function atMost(ms: number, work: Promise<void>) {
  const done = new AbortController();
  await Promise.race([work, delay(ms, done.signal)]);
  done.abort();
}
