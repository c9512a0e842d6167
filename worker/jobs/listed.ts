import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type JobProgressSchema, type JobRequestSchema, ListJobsResponseSchema } from "#proto/worker/v1/worker_pb.js";
import type { JobRecord } from "#shared/job/record.ts";
import { eventToMessage } from "#shared/rpc/event-message.ts";
import { orderToMessage } from "#shared/rpc/order-message.ts";

type Told = {
  jobs: MessageInitShape<typeof JobProgressSchema>[];
  orders: MessageInitShape<typeof JobRequestSchema>[];
};

/** 200 jobs of this size fit into a message of gRPC. */
const mostBytes = 32 * 1024;
const mostText = 2_000;

/**
 * What a list tells of jobs: of an order only what a list shows, and of a job that would take too much of the page less.
 * One that cannot be told at all is left out, so that it hides no other.
 */
export function listed(jobs: readonly Pick<JobRecord, "event" | "order">[], onUntold: (jobId: string) => void): Told {
  const told = jobs.map((job) => {
    const fitting = [whole(job), brief(job)].find((one) => sizeOf(one) <= mostBytes);
    if (!fitting) onUntold(job.order.jobId);
    return fitting;
  });
  return { jobs: told.flatMap((one) => one?.jobs ?? []), orders: told.flatMap((one) => one?.orders ?? []) };
}

function whole({ event, order: { callbackUrl: _, callbackEvents: __, ...order } }: Pick<JobRecord, "event" | "order">) {
  const { timeoutMs: ___, coldStartMs: ____, ...told } = orderToMessage({ ...order, callbackEvents: [] });
  return { jobs: [eventToMessage(event)], orders: [{ ...told, jobId: order.jobId }] };
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

function sizeOf(told: Told): number {
  try {
    return toBinary(ListJobsResponseSchema, create(ListJobsResponseSchema, told)).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
