import { eventToMessage } from "#shared/rpc/event-message.ts";
import { traceparent } from "#shared/tracing/traceparent.ts";
import { acceptable, type Rules } from "#worker/jobs/accept.ts";
import type { Claims } from "#worker/jobs/claims.ts";
import type { Registry } from "#worker/jobs/registry.ts";
import type { Methods } from "./methods.ts";

export type SubmissionTools = {
  registry: Registry;
  claims: Claims;
  rules: Rules;
  /** Throws when the worker cannot take jobs. */
  checkCanAccept(): Promise<void>;
};

const claimTimeoutMs = 10_000;

/** Takes jobs, and tells which job an idempotency key stands for. */
export const submissionHandlers = (tools: SubmissionTools): Pick<Methods, "submitJob" | "getClaim"> => ({
  async *submitJob(request, signal) {
    await tools.checkCanAccept();
    const claim = () => tools.claims.make(request, AbortSignal.timeout(claimTimeoutMs));
    const parent = traceparent();
    const order = { ...acceptable(request, tools.rules), ...(parent && { traceparent: parent }) };
    const feed = await tools.registry.submit(order, request.idempotencyKey ? claim : undefined);
    for await (const event of feed.follow(0, signal)) yield eventToMessage(event);
  },

  async getClaim(request, signal) {
    return (await tools.claims.find(request, signal)) ?? {};
  },
});
