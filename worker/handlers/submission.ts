import { eventToMessage } from "#shared/rpc/event-message.ts";
import { traceparent } from "#shared/tracing/traceparent.ts";
import { acceptable, type Rules } from "#worker/jobs/accept.ts";
import type { Claims } from "#worker/jobs/claims.ts";
import type { Registry } from "#worker/jobs/registry.ts";
import type { Methods } from "./methods.ts";

export type SubmissionDeps = {
  registry: Registry;
  claims: Claims;
  rules: Rules;
  /** Throws when the worker cannot take jobs. */
  checkCanAccept(): Promise<void>;
};

const claimTimeoutMs = 10_000;

/** Takes jobs, and tells which job an idempotency key stands for. */
export const submissionHandlers = (deps: SubmissionDeps): Pick<Methods, "submitJob" | "getClaim"> => ({
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
