import { expect, test } from "bun:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { JobProgressSchema } from "#proto/worker/v1/worker_pb.js";
import type { JobEvent } from "#shared/job/event.ts";
import { eventFromMessage, eventToMessage } from "#shared/rpc/event-message.ts";
import { allFacts } from "#tests/support/facts.ts";

const event: JobEvent = {
  ...{ jobId: "job-1", sequence: 3, status: "queued", attempt: 1 },
  timestamp: "2026-01-01T00:00:00.000Z",
};

test.each([event, { ...event, position: 4 }, { ...event, acceptedAt: "2026-01-02T00:00:00.000Z" }])(
  "an event arrives as it was sent, with the place in a waiting room and the acceptance only where they were given",
  (sent: JobEvent) => {
    expect(eventFromMessage(create(JobProgressSchema, eventToMessage(sent)))).toEqual(sent);
  },
);

test("what fails by a field of the order says by which", () => {
  const errors = [{ field: "overlay.0.url", message: "is a PDF" }];
  const error = { kind: "source_failed", message: "overlay.0.url: is a PDF" } as const;
  const failed: JobEvent = { ...event, status: "failed", error: { ...error, errors } };
  expect(overTheWire(failed)).toEqual(failed);
  expect(overTheWire({ ...failed, error })).toEqual({ ...failed, error });
});

const overTheWire = (sent: JobEvent) => {
  const bytes = toBinary(JobProgressSchema, create(JobProgressSchema, eventToMessage(sent)));
  return eventFromMessage(fromBinary(JobProgressSchema, bytes));
};

test.each<JobEvent["pieces"]>([
  { done: 0, total: 12, workers: 1 },
  { done: 7, total: 12, workers: 3, board: "b1", open: [0, 8] },
])("pieces arrive as they were sent, also where none is done and the first is open", (pieces) => {
  const sent: JobEvent = { ...event, status: "processing", ...(pieces && { pieces }) };
  expect(overTheWire(sent)).toEqual(sent);
});

test("facts of source and output arrive as they were sent, whether or not all is known of them", () => {
  const completed: JobEvent = { ...event, status: "completed", ...allFacts };
  expect(overTheWire(completed)).toEqual(completed);
  const least: JobEvent = {
    ...{ ...event, status: "completed" },
    source: { container: "wav", bytes: 4, audio: [], subtitles: [] },
    outputs: { files: 1, bytes: 3, renditions: [{ path: "a.mp3", kind: "audio", bytes: 3 }] },
  };
  expect(overTheWire(least)).toEqual(least);
});

test.each([
  ["more renditions than there may be", { renditions: Array(101).fill(allFacts.outputs.renditions[1]) }],
  ["a bit rate that is no number", { renditions: [{ ...allFacts.outputs.renditions[1], averageBitRate: Number.NaN }] }],
  ["a very long path", { renditions: [{ ...allFacts.outputs.renditions[1], path: "a".repeat(2_000) }] }],
])("of an output with %s nothing is told, and all else is", (_, wrong) => {
  const sent: JobEvent = { ...event, status: "completed", ...allFacts, outputs: { ...allFacts.outputs, ...wrong } };
  const { outputs: _outputs, ...others } = allFacts;
  expect(overTheWire(sent)).toEqual({ ...event, status: "completed", ...others });
});
