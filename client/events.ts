import { createParser } from "eventsource-parser";
import type { components } from "./api.d.ts";
import { ApiFault } from "./fault.ts";

type JobEvent = components["schemas"]["Event"];

// The service sends a comment every few seconds: a stream that is silent for longer than this is dead.
const silenceMs = 30_000;

/** Yields the events of one stream until it ends; throws `unreachable` when it breaks. */
export async function* eventsOf(open: (signal: AbortSignal) => Promise<Response>, signal: AbortSignal | undefined) {
  const leaving = new AbortController();
  const leave = () => leaving.abort(signal?.reason);
  signal?.addEventListener("abort", leave, { once: true });
  if (signal?.aborted) leave();
  let silence = setTimeout(leave, silenceMs);
  try {
    for await (const piece of pieces(await open(leaving.signal))) {
      clearTimeout(silence);
      silence = setTimeout(leave, silenceMs);
      yield* piece;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause instanceof ApiFault ? cause : new ApiFault("unreachable", "the stream broke", { cause });
  } finally {
    clearTimeout(silence);
    signal?.removeEventListener("abort", leave);
    leaving.abort();
  }
}

/** Yields the events of each chunk that arrives; a heartbeat has none. */
async function* pieces({ body }: Response): AsyncGenerator<JobEvent[], void> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let events: JobEvent[] = [];
  const parser = createParser({ onEvent: ({ data }) => events.push(JSON.parse(data)) });
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
    yield events;
    events = [];
  }
}
