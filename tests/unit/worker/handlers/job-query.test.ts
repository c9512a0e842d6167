import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { ListJobsRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { jobQuery } from "#worker/handlers/job-query.ts";

test.each([
  [0n, undefined],
  [1_796_000_000_000n, 1_796_000_000_000],
  [2n ** 62n, 8.64e15],
  [-(2n ** 62n), -8.64e15],
])("since and until %i ms are times that there are", (ms, moment) => {
  const { since, until } = jobQuery(create(ListJobsRequestSchema, { sinceMs: ms, untilMs: ms }));
  expect({ since, until }).toEqual({ since: moment, until: moment });
  expect(new Date(since ?? 0).getTime()).toBe(since ?? 0);
});
