import { expect, test } from "bun:test";
import type { JobEvent } from "#client/client.ts";
import { transitionsOf, withEvent } from "#dashboard/transitions.ts";

const event = (sequence: number, change: Partial<JobEvent>): JobEvent => ({
  ...{ job_id: "a", sequence, status: "processing", attempt: 1, timestamp: "2026-01-01T12:00:00Z", ...change },
});

test("of what repeats but for its numbers the first and the latest stay, however long it goes on", () => {
  let events: readonly JobEvent[] = [event(1, { status: "queued" })];
  for (let frame = 1; frame <= 1_000; frame += 1)
    events = withEvent(events, event(frame + 1, { message: `Encoding frame ${frame}/1000`, progress: frame / 10 }));
  events = withEvent(events, event(2_000, { status: "completed", message: "Published" }));
  expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 1_001, 2_000]);
  expect(transitionsOf(events).map(({ first, last }) => [first.sequence, last.sequence])).toEqual([
    [1, 1],
    [2, 1_001],
    [2_000, 2_000],
  ]);
});

test("another attempt, state or doing is a step of its own", () => {
  const events = [
    event(1, { message: "Fetching the source: 3.0 MB" }),
    event(2, { message: "Fetching the source: 9.0 MB" }),
    event(3, { message: "Encoding frame 1/9" }),
    event(1_000_001, { message: "Encoding frame 1/9", attempt: 2 }),
    event(1_000_002, { message: "Encoding frame 1/9", attempt: 2, status: "uploading" }),
  ].reduce<readonly JobEvent[]>(withEvent, []);
  expect(transitionsOf(events).map(({ first }) => first.sequence)).toEqual([1, 3, 1_000_001, 1_000_002]);
});
