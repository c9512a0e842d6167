import { eventToJson, type JobEvent } from "#shared/job/event.ts";
import type { Join, Joined, Reader } from "#shared/job/feed.ts";

type Options = { heartbeatMs: number; closing: AbortSignal };

type Reading = {
  join: Join;
  /** The sequence number after which events are sent, of the header Last-Event-ID; 0: from the first. */
  after: number;
  /** Asked at each heartbeat: the stream ends when the client's credentials are no longer valid. */
  isStillKnown(): boolean;
  /** Disposed when the stream ends. */
  slot: Disposable;
};

type Stream = Reader &
  Pick<Reading, "isStillKnown" | "slot"> & {
    controller: ReadableStreamDefaultController<Uint8Array>;
    joined: Joined;
    /** Whether nothing was sent since the last heartbeat. */
    isQuiet: boolean;
  };

export const eventStreamHeaders = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store",
  // nginx and proxies like it would buffer the events.
  "X-Accel-Buffering": "no",
};
const heartbeat = new TextEncoder().encode(":\n\n");

/**
 * Opens streams of Server-Sent Events. An event is sent when the reader takes it: a slow reader costs no memory, and
 * goes on with the events that the feed has kept. There may be thousands of streams, so that all share one heartbeat
 * timer and each event is encoded once.
 */
export function makeEventStreams({ heartbeatMs, closing }: Options) {
  const streams = new Set<Stream>();

  const send = (stream: Stream) => {
    const { controller, joined } = stream;
    while (isReady(stream)) {
      const event = joined.next(stream);
      if (!event) return joined.isOver() ? close(stream) : undefined;
      stream.isQuiet = false;
      controller.enqueue(encoded(event));
    }
  };
  const beat = (stream: Stream) => {
    if (!stream.isStillKnown()) close(stream);
    else if (stream.isQuiet && isReady(stream)) stream.controller.enqueue(heartbeat);
    stream.isQuiet = true;
  };
  const close = (stream: Stream) => {
    if (end(stream)) stream.controller.close();
  };
  const end = (stream: Stream) => {
    if (!streams.delete(stream)) return false;
    stream.joined.leave(stream);
    stream.slot[Symbol.dispose]();
    return true;
  };
  const all = (act: (stream: Stream) => void) => () => streams.forEach(act);

  const timer = setInterval(all(beat), heartbeatMs);
  timer.unref();
  closing.addEventListener("abort", () => clearInterval(timer), { once: true });
  closing.addEventListener("abort", all(close), { once: true });

  return ({ join, after, isStillKnown, slot }: Reading) => {
    let stream: Stream;
    const onUpdate = () => send(stream);
    return new ReadableStream<Uint8Array>({
      start(controller) {
        // Without a first byte the client would not get the headers before the first event.
        controller.enqueue(heartbeat);
        const reader = { seen: after, onUpdate, controller, isStillKnown, slot, isQuiet: false };
        stream = Object.assign(reader, { joined: join(reader) });
        streams.add(stream);
        if (closing.aborted) close(stream);
      },
      pull: onUpdate,
      cancel: () => void end(stream),
    });
  };
}

const isReady = ({ controller }: Stream) => (controller.desiredSize ?? 0) > 0;

const bytes = new WeakMap<JobEvent, Uint8Array>();

/** Encodes an event once for all streams of its job. */
function encoded(event: JobEvent): Uint8Array {
  const known = bytes.get(event);
  if (known) return known;
  // Without a number the client goes on from the event before: a job that waits has no events to go on from.
  const id = event.sequence > 0 ? `id: ${event.sequence}\n` : "";
  const text = `${id}data: ${JSON.stringify(eventToJson(event))}\n\n`;
  const made = new TextEncoder().encode(text);
  bytes.set(event, made);
  return made;
}
