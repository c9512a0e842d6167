import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type JobProgressSchema, type JobRequestSchema, ListJobsResponseSchema } from "#proto/worker/v1/worker_pb.js";
import { orUndefined } from "#shared/errors.ts";
import type { JobRecord } from "#shared/job/record.ts";
import { eventToMessage } from "#shared/rpc/event-message.ts";
import { orderToMessage } from "#shared/rpc/order-message.ts";
import { listJobs, listRetained } from "#worker/jobs/list.ts";
import { jobQuery } from "./job-query.ts";
import type { Methods, ServiceDeps } from "./methods.ts";

// Longer than a list may take.
const settledMs = 30_000;

/** Answers with a page of jobs. */
export const listHandlers = (deps: ServiceDeps): Pick<Methods, "listJobs"> => ({
  async listJobs(request, signal) {
    const { held: onlyHeld, kept: onlyRetained } = request;
    const query = jobQuery(request);
    // Records on a disk may be on that of this machine only: then nobody else tells of them.
    const records = onlyHeld && !deps.records.isOnDisk ? undefined : deps.records;
    const { jobs, next, incomplete } = onlyRetained
      ? await listRetained(deps, query, signal)
      : await listJobs(deps.registry, records, query, signal);
    const messages = listed(jobs, (jobId) =>
      deps.log.warn({ job_id: jobId }, "a job cannot be listed: its record is too large"),
    );
    const ids = messages.jobs.flatMap(({ jobId }) => jobId ?? []);
    const recorded = ids.filter((jobId) => deps.registry.isOver(jobId, settledMs));
    return { ...messages, incomplete, nextCursor: next ?? "", recorded };
  },
});

type Messages = {
  jobs: MessageInitShape<typeof JobProgressSchema>[];
  orders: MessageInitShape<typeof JobRequestSchema>[];
};

/** 200 jobs of this size fit into a message of gRPC. */
const mostBytes = 32 * 1024;
const mostText = 2_000;

/**
 * The messages of a page of jobs: of an order only what a list shows, and less of a job that would take too much of the
 * page. A job that is still too large then is left out, so that it hides no other.
 */
function listed(jobs: readonly Pick<JobRecord, "event" | "order">[], onOversized: (jobId: string) => void): Messages {
  const messages = jobs.map((job) => {
    const fitting = [whole(job), brief(job)].find((one) => sizeOf(one) <= mostBytes);
    if (!fitting) onOversized(job.order.jobId);
    return fitting;
  });
  return { jobs: messages.flatMap((one) => one?.jobs ?? []), orders: messages.flatMap((one) => one?.orders ?? []) };
}

function whole({ event, order: { callbackUrl: _, callbackEvents: __, ...order } }: Pick<JobRecord, "event" | "order">) {
  const { timeoutMs: ___, coldStartMs: ____, ...rest } = orderToMessage({ ...order, callbackEvents: [] });
  return { jobs: [eventToMessage(event)], orders: [{ ...rest, jobId: order.jobId }] };
}

function brief({ event, order }: Pick<JobRecord, "event" | "order">) {
  const { jobId, sequence, status, attempt, timestamp, error } = event;
  const { preset, tenant, inputUrl } = order;
  const message = error && { kind: error.kind, message: error.message.slice(0, mostText) };
  return {
    jobs: [eventToMessage({ jobId, sequence, status, attempt, timestamp, ...(message && { error: message }) })],
    orders: [{ jobId: order.jobId, preset, inputUrl: inputUrl.slice(0, mostText), ...(tenant && { tenant }) }],
  };
}

const sizeOf = (messages: Messages): number =>
  orUndefined(() => toBinary(ListJobsResponseSchema, create(ListJobsResponseSchema, messages)).length) ??
  Number.POSITIVE_INFINITY;
