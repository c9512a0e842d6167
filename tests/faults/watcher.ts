import { EventSourceParserStream } from "eventsource-parser/stream";
import type { EventJson } from "#shared/job/event.ts";
import { isFinal } from "#shared/job/status.ts";

/** What a client that comes back after every loss was told. */
export type Watched = {
  events: EventJson[];
  /** The places in `events` before which it had to connect again. */
  breaks: number[];
  complaints: string[];
};

// Heartbeats come every 5 s: a stream that is silent for longer is lost.
const silenceMs = 12_000;

/** Follows a job to its end, through one control plane after the other. */
export async function watch(urls: readonly string[], jobId: string, over: AbortSignal): Promise<Watched> {
  const watched: Watched = { events: [], breaks: [], complaints: [] };
  const { events } = watched;
  for (let turn = 0; !over.aborted; turn += 1) {
    const url = `${urls[turn % urls.length]}/api/v1/jobs/${jobId}/stream`;
    const ended = await follow(url, watched, over).catch(() => false);
    if (ended || isOver(events)) return watched;
    if (watched.breaks.at(-1) !== events.length) watched.breaks.push(events.length);
    await Bun.sleep(150);
  }
  watched.complaints.push(`its watcher never heard the end; last: ${JSON.stringify(events.at(-1))}`);
  return watched;
}

const isOver = (events: readonly EventJson[]) => isFinal(events.at(-1)?.status ?? "queued");

async function follow(url: string, { events, complaints }: Watched, over: AbortSignal): Promise<boolean> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  const after = String(events.at(-1)?.sequence ?? 0);
  try {
    const answer = await fetch(url, {
      headers: { "last-event-id": after },
      signal: AbortSignal.any([silence.signal, over]),
    });
    if (answer.status === 404) complaints.push(`a job that was accepted is not found: ${await answer.text()}`);
    if (answer.status !== 200 || !answer.body) return answer.status === 404;
    const heard = answer.body.pipeThrough(
      new TransformStream({
        transform(chunk, controller) {
          timer.refresh();
          controller.enqueue(chunk);
        },
      }),
    );
    for await (const { data } of heard.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()))
      events.push(JSON.parse(data));
    return false;
  } finally {
    clearTimeout(timer);
  }
}
