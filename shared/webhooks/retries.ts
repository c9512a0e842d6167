import { linkedSignal } from "#shared/async/linked-signal.ts";
import { makeSemaphore } from "#shared/async/semaphore.ts";
import type { Log } from "#shared/log.ts";
import type { Delivery } from "./delivery.ts";
import { dueAtStart, pauseMs, type Webhook } from "./pending.ts";

const atOnce = 4;
const storageTimeoutMs = 20_000;

export type Retries = ReturnType<typeof makeRetries>;

/** Sends pending webhooks again in the background, for as long as the process is up anyway. */
export function makeRetries({ pending, resend }: Delivery, { now, log }: { now(): number; log: Log }) {
  const stopping = new AbortController();
  const semaphore = makeSemaphore(atOnce);
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const beingSent = new Set<string>();
  const running = new Set<Promise<void>>();

  const run = (work: () => Promise<void>) => {
    const over = work()
      .catch((err) => stopping.signal.aborted || log.warn({ err }, "pending webhooks cannot be looked after"))
      .then(() => void running.delete(over));
    running.add(over);
  };

  const inTurn = async <T>(work: (signal: AbortSignal) => Promise<T>) => {
    using _permit = await semaphore.acquire();
    stopping.signal.throwIfAborted();
    return await work(stopping.signal);
  };

  const schedule = (webhook: Webhook, at: number) => {
    if (stopping.signal.aborted) return;
    clearTimeout(timers.get(webhook.id));
    const timer = setTimeout(
      () => {
        timers.delete(webhook.id);
        run(() => again(webhook));
      },
      Math.max(0, at - now()),
    );
    timers.set(webhook.id, timer);
  };

  const again = async (known: Webhook) => {
    let next: Webhook | undefined = known;
    beingSent.add(known.id);
    try {
      next = await inTurn((signal) => retried(known, signal));
    } finally {
      beingSent.delete(known.id);
      if (next) schedule(next, now() + pauseMs(next.attempts));
    }
  };

  /** The webhook if it is still to be sent. Another worker may have tried it, or be about to. */
  const retried = async (known: Webhook, signal: AbortSignal) => {
    const current = await inTime(signal, (limited) => pending.read(known.id, limited));
    if (!current || current.attempts !== known.attempts) return current;
    const { state, webhook } = await resend(current, signal);
    return state === "pending" ? webhook : undefined;
  };

  return {
    later: (webhook: Webhook) => schedule(webhook, webhook.tried + pauseMs(webhook.attempts)),
    /** Schedules all webhooks that are pending and not known here, whoever has left them. May be called again. */
    begin() {
      run(async () => {
        const all = await inTime(stopping.signal, pending.ids);
        const ids = all.filter((id) => !timers.has(id) && !beingSent.has(id));
        const found = await Promise.all(
          ids.map((id) => inTurn((signal) => inTime(signal, (limited) => readable(id, limited)))),
        );
        const oldestFirst = found.filter((webhook) => webhook !== undefined).sort((a, b) => a.tried - b.tried);
        for (const webhook of oldestFirst) schedule(webhook, dueAtStart(webhook));
      });
    },
    /** Resolves when no attempt is under way. What is pending stays in the storage. */
    async stop() {
      stopping.abort(new Error("the process stops"));
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(running);
    },
  };

  async function readable(id: string, signal: AbortSignal) {
    return pending.read(id, signal).catch((err) => {
      log.warn({ webhook_id: id, err }, "a pending webhook cannot be read");
      return undefined;
    });
  }
}

async function inTime<T>(signal: AbortSignal, ask: (limited: AbortSignal) => Promise<T>): Promise<T> {
  using limit = linkedSignal([signal], storageTimeoutMs);
  return await ask(limit.signal);
}
