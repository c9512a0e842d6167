import { eventToJson, type JobEvent } from "#shared/job/event.ts";

type Options = {
  events: (signal: AbortSignal) => AsyncIterable<JobEvent>;
  /** Each ends the stream: the client leaves, the service stops. */
  until: readonly AbortSignal[];
  heartbeatMs: number;
  /** Called when it is over, at least once. */
  onEnd?(): void;
};

export const eventStreamHeaders = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store",
  // Proxies of the nginx family would hold events back.
  "X-Accel-Buffering": "no",
};
const heartbeat = new TextEncoder().encode(":\n\n");

/** Events as they come. The next one is asked for when the reader has taken the last: a slow one costs no memory. */
export function eventStream({ events, until, heartbeatMs, onEnd }: Options): ReadableStream<Uint8Array> {
  const leaving = new AbortController();
  const following = events(leaving.signal)[Symbol.asyncIterator]();
  let beat: ReturnType<typeof setInterval> | undefined;
  let isCancelled = false;

  const end = () => {
    clearInterval(beat);
    for (const signal of until) signal.removeEventListener("abort", end);
    leaving.abort();
    onEnd?.();
    // A reader that is not being waited for would otherwise never be told that it has left.
    following.return?.().catch(() => {});
  };

  return new ReadableStream<Uint8Array>({
    start(controller) {
      // Without a first byte the client would not see the headers until the first event.
      controller.enqueue(heartbeat);
      beat = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(heartbeat);
      }, heartbeatMs);
      for (const signal of until) signal.addEventListener("abort", end);
      if (until.some((signal) => signal.aborted)) end();
    },
    async pull(controller) {
      const { done, value } = await following.next();
      if (isCancelled) return;
      if (!done) return controller.enqueue(encoded(value));
      end();
      controller.close();
    },
    cancel() {
      isCancelled = true;
      end();
    },
  });
}

const bytes = new WeakMap<JobEvent, Uint8Array>();

/** Encoded once, however many follow the job. */
function encoded(event: JobEvent): Uint8Array {
  const known = bytes.get(event);
  if (known) return known;
  const text = `id: ${event.sequence}\ndata: ${JSON.stringify(eventToJson(event))}\n\n`;
  const made = new TextEncoder().encode(text);
  bytes.set(event, made);
  return made;
}
