import { expect, test } from "bun:test";
import type { Job } from "#client/client.ts";
import {
  costOf,
  type EndedJob,
  endedJob,
  groupsOf,
  inParts,
  minutesOf,
  others,
  partsOf,
  successOf,
  waitAt,
} from "#dashboard/ended-jobs.ts";

const noon = Date.parse("2026-01-02T12:34:56Z");
const job = (change: Partial<EndedJob>): EndedJob => ({
  ...{ at: noon, status: "completed", preset: "a", tenant: "", worker: "w", minutes: 1, wait: 1, cost: undefined },
  ...change,
});

test("a job that goes on is no ended one, and what an ended one waited is known by its id", () => {
  const made = noon - 100_000;
  const ended: Job = {
    ...{ job_id: `12345678-${Bun.randomUUIDv7("hex", made)}`, sequence: 9, status: "completed", attempt: 1 },
    timestamp: new Date(noon).toISOString(),
    order: { input_url: "https://example.com/a.mp4", preset: "720p_h264" },
    receipt: {
      ...{ worker_seconds: 70, cpu_seconds: 1, peak_memory: 1, bytes_in: 1, bytes_out: 1, storage_requests: 1 },
      ...{ cold_start_seconds: 0, attempts: 1, encode_seconds: 1, media_seconds: 90, source_seconds: 1 },
      ...{ upload_seconds: 1, cost: 0.5 },
    },
  };
  expect(endedJob({ ...ended, status: "processing" })).toBeUndefined();
  expect(endedJob(ended)).toMatchObject({ worker: "12345678", minutes: 1.5, wait: 30, cost: 0.5, at: noon });
  const accepted_at = new Date(made + 12_000).toISOString();
  expect(endedJob({ ...ended, accepted_at })?.wait).toBe(12);
});

test("a range is cut into whole hours or days, and a job lies in the part that it ended in", () => {
  const parts = partsOf("24h", noon);
  expect(parts).toHaveLength(24);
  expect(new Date(parts.at(-1) ?? 0).toISOString()).toBe("2026-01-02T12:00:00.000Z");
  const days = partsOf("30d", noon);
  expect(new Date(days.at(-1) ?? 0).toISOString()).toBe("2026-01-02T00:00:00.000Z");
  const jobs = [job({}), job({ at: noon - 3_600_000 }), job({ at: noon - 90 * 24 * 3_600_000 })];
  expect(inParts(jobs, parts).map((part) => part.length)).toEqual([...new Array(22).fill(0), 1, 1]);
});

test("figures leave out what is not known, and a cancelled job is neither success nor failure", () => {
  const jobs = [job({}), job({ status: "failed", minutes: 0, wait: undefined }), job({ status: "cancelled", wait: 9 })];
  expect([successOf(jobs), minutesOf(jobs), costOf(jobs), waitAt(jobs, 0.5)]).toEqual([50, 2, undefined, 9]);
  expect([successOf([]), costOf([job({ cost: 0.5 }), job({})]), waitAt([], 0.5)]).toEqual([undefined, 0.5, undefined]);
});

test("groups come by their size, and those behind the fifth are one", () => {
  const jobs = ["a", "b", "b", "c", "d", "e", "f", "g"].map((preset) => job({ preset }));
  const sizes = groupsOf(jobs, "preset").map(([name, { length }]) => `${name}${length}`);
  expect(sizes).toEqual(["b2", "a1", "c1", "d1", "e1", `${others}2`]);
});
