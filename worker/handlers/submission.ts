import { eventToMessage } from "#shared/rpc/event-message.ts";
import { traceparent } from "#shared/tracing/traceparent.ts";
import { acceptable } from "#worker/jobs/accept.ts";
import type { Methods, ServiceDeps } from "./methods.ts";

const claimTimeoutMs = 10_000;

/** Takes jobs, and tells which job an idempotency key stands for. */
export const submissionHandlers = (deps: ServiceDeps): Pick<Methods, "submitJob" | "getClaim"> => ({
  async *submitJob(request, signal) {
    await deps.checkCanAccept();
    const claim = () => deps.claims.make(request, AbortSignal.timeout(claimTimeoutMs));
    const parent = traceparent();
    const order = { ...acceptable(request, deps.rules), ...(parent && { traceparent: parent }) };
    const feed = await deps.registry.submit(order, request.idempotencyKey ? claim : undefined);
    for await (const event of feed.follow(0, signal)) yield eventToMessage(event);
  },

  async getClaim(request, signal) {
    return (await deps.claims.find(request, signal)) ?? {};
  },
});
