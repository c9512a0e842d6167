import type { ListJobsRequest } from "#proto/worker/v1/worker_pb.js";
import type { JobQuery } from "#shared/outcomes/query.ts";
import { statusFromWire } from "#shared/rpc/event-message.ts";

/** The most jobs of a page, and how many it has where nobody says it. */
const [mostJobs, usualJobs] = [200, 50];

/** Which jobs a request for a list asks for. */
export const jobQuery = ({ status, limit, cursor, tenant, preset, source, ...times }: ListJobsRequest): JobQuery => ({
  ...{ status: statusFromWire(status), limit: Math.min(limit || usualJobs, mostJobs), tenant },
  ...{ before: cursor || undefined, preset: preset || undefined, source: source || undefined },
  ...{ since: momentOf(times.sinceMs), until: momentOf(times.untilMs) },
});

/** The furthest moment from 1970 that a Date tells, in milliseconds (ECMA-262, Time Values and Time Range). */
const furthestMs = 8.64e15;

/** A time in Unix milliseconds: undefined for 0, and the furthest that there is for what lies beyond it. */
const momentOf = (ms: bigint) => Math.max(-furthestMs, Math.min(Number(ms), furthestMs)) || undefined;
