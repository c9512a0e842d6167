import { randomUUID } from "node:crypto";
import type { JobRequest } from "#proto/worker/v1/worker_pb.js";
import type { Order } from "#shared/job/order.ts";
import { eventToMessage } from "#shared/rpc/event-message.ts";
import { traceparent } from "#shared/tracing/traceparent.ts";
import { pinUploads } from "#shared/uploads/pins.ts";
import { acceptable } from "#worker/jobs/accept.ts";
import { sharedOrder } from "#worker/pieces/wanted-workers.ts";
import { presetFor } from "#worker/presets/for-order.ts";
import { presetNamed } from "#worker/presets/load.ts";
import { checkCanAim } from "#worker/quality/check-aim.ts";
import { checkCanMeasure } from "#worker/quality/check-metric.ts";
import { claimHandOver, handOverOf } from "#worker/queue/hand-over.ts";
import type { Methods, ServiceDeps } from "./methods.ts";

const claimTimeoutMs = 10_000;

/** Takes jobs, and tells which job an idempotency key stands for. */
export const submissionHandlers = (deps: ServiceDeps): Pick<Methods, "submitJob" | "getClaim"> => ({
  async *submitJob(request, signal) {
    await deps.checkCanAccept();
    const parent = traceparent();
    const waited = request.queueTry > 0 && {
      queueAdmission: randomUUID(),
      acceptedAt: new Date(deps.now()).toISOString(),
    };
    const sharing = { isKnown: deps.about.queue, canClaim: deps.handOvers.canClaim };
    const accepted = await sharedOrder(acceptable(request, deps.rules), request, sharing);
    const order = { ...accepted, ...(parent && { traceparent: parent }), ...waited };
    await checkCanMeasure(order.measure, deps.ffmpeg);
    await checkCanAim(order, presetFor(order, presetNamed(deps.rules.presets, order.preset)), deps.ffmpeg);
    const feed = await deps.registry.submit(order, claimOf(request, order, deps));
    for await (const event of feed.follow(0, signal)) yield eventToMessage(event);
  },

  async getClaim(request, signal) {
    return (await deps.claims.find(request, signal)) ?? {};
  },
});

/** What must be done before the job is accepted, once there is a slot for it. */
function claimOf(request: JobRequest, order: Order, deps: ServiceDeps) {
  const claim = keyClaim(request, order, deps);
  return async () => {
    await pinUploads(deps.uploads, order, AbortSignal.timeout(claimTimeoutMs)).catch(async (error) => {
      // An output that only has to be delivered needs no source.
      if (!order.retryOf || !(await deps.retained.has(order.retryOf))) throw error;
    });
    await claim?.();
  };
}

/** The claim on a key or a hand-over. The key of an order that has waited was claimed before it did. */
function keyClaim(request: JobRequest, order: Order, { claims, handOvers }: ServiceDeps) {
  const handOver = handOverOf(order);
  if (handOver) return () => claimHandOver(order.jobId, handOver, handOvers);
  if (request.idempotencyKey) return () => claims.make(request, AbortSignal.timeout(claimTimeoutMs));
  return undefined;
}
