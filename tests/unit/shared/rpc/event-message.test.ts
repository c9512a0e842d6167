import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { JobProgressSchema } from "#proto/worker/v1/worker_pb.js";
import type { JobEvent } from "#shared/job/event.ts";
import { eventFromMessage, eventToMessage } from "#shared/rpc/event-message.ts";

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
