import { expect, test } from "bun:test";
import { lost, lostAfter } from "#controlplane/lookup/found-job.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { jobIdAt } from "#shared/job/id.ts";

const jobId = jobIdAt("worker:1", "019a0000-0000-7000-8000-000000000000");
const event: JobEvent = { jobId, sequence: 7, status: "processing", attempt: 1, timestamp: "2026-01-01T00:00:00.000Z" };

test("a lost job has failed with the event after its last one", () => {
  expect(lost(event, 0)).toMatchObject({ jobId, sequence: 8, status: "failed", error: { kind: "worker_lost" } });
});

test("a job is given up when all its attempts have had their time, and never without a deadline", () => {
  const begun = 0x019a00000000;
  expect(lostAfter({ jobId }, 1_000, 0)).toBe(begun + 3_000);
  expect(lostAfter({ jobId: "foreign" }, 1_000, 50)).toBe(3_050);
  expect(lostAfter({ jobId }, 0, 0)).toBe(Number.POSITIVE_INFINITY);
});

test("the attempts of a job that waited begin when a worker took it, however old its id is", () => {
  const acceptedAt = "2026-01-02T00:00:00.000Z";
  expect(lostAfter({ jobId, acceptedAt }, 1_000, 0)).toBe(Date.parse(acceptedAt) + 3_000);
  expect(lostAfter({ jobId, acceptedAt: "no time" }, 1_000, 0)).toBe(0x019a00000000 + 3_000);
});
