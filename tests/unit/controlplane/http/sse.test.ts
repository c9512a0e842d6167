import { expect, test } from "bun:test";
import { makeEventStreams } from "#controlplane/http/sse.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { makeFeed } from "#shared/job/feed.ts";

const event = (sequence: number, status: JobEvent["status"] = "processing"): JobEvent => ({
  jobId: "job",
  sequence,
  status,
  attempt: 1,
  timestamp: "2026-01-01T00:00:00.000Z",
});

type Options = { keep?: number; after?: number; heartbeatMs?: number; isStillKnown?(): boolean; isClosing?: boolean };

function open({
  keep = 256,
  after = 0,
  heartbeatMs = 60_000,
  isStillKnown = () => true,
  isClosing = false,
}: Options = {}) {
  const feed = makeFeed({ keep });
  const closing = new AbortController();
  if (isClosing) closing.abort();
  let freed = 0;
  const slot = {
    [Symbol.dispose]() {
      freed += 1;
    },
  };
  const eventStream = makeEventStreams({ heartbeatMs, closing: closing.signal });
  const stream = eventStream({ join: feed.join, after, isStillKnown, slot });
  return { feed, closing, stream, freed: () => freed };
}

const sequences = async (stream: ReadableStream<Uint8Array>) =>
  [...(await new Response(stream).text()).matchAll(/^id: (\d+)$/gm)].map(([, sequence]) => Number(sequence));

test("a reader that stands still costs nothing, and goes on with what was kept", async () => {
  const { feed, stream, freed } = open({ keep: 3 });
  for (let n = 1; n < 1_000; n += 1) feed.publish(event(n, n === 1 ? "queued" : "processing"));
  feed.publish(event(1_000, "completed"));
  expect(await sequences(stream)).toEqual([1, 2, 998, 999, 1_000]);
  expect([freed(), feed.readers]).toEqual([1, 0]);
});

test("one that comes back reads from where it was", async () => {
  const { feed, stream } = open({ after: 2 });
  for (const n of [1, 2, 3]) feed.publish(event(n));
  feed.publish(event(4, "failed"));
  expect(await sequences(stream)).toEqual([3, 4]);
});

test("a stream ends when its reader leaves, may read no longer, or the service stops", async () => {
  const left = open();
  await left.stream.cancel();
  const barred = open({ heartbeatMs: 1, isStillKnown: () => false });
  const stopped = open();
  stopped.closing.abort();
  const late = open({ isClosing: true });
  for (const { stream } of [barred, stopped, late]) expect(await sequences(stream)).toEqual([]);
  for (const { feed, freed } of [left, barred, stopped, late]) expect([freed(), feed.readers]).toEqual([1, 0]);
});
