import type { Retries } from "#shared/webhooks/retries.ts";

const pauseMs = 600_000;

/** Begins to send the webhooks that anybody has left who is gone: when it is first called, and later at most every 10 minutes. */
export function makeSendLeft({ begin }: Pick<Retries, "begin">, now: () => number) {
  let lookedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (now() - lookedAt < pauseMs) return;
    lookedAt = now();
    begin();
  };
}
