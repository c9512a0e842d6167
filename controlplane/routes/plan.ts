import { Hono } from "hono";
import { needs } from "#controlplane/http/client.ts";
import type { AppEnv } from "#controlplane/http/env.ts";
import { disableIdleTimeout } from "#controlplane/http/idle.ts";
import { readJson } from "#controlplane/http/read-json.ts";
import type { TakeJob } from "#controlplane/orders/limited-submit.ts";
import type { ClientPlan } from "#controlplane/orders/plan.ts";
import { planToJson } from "#controlplane/orders/plan-json.ts";
import type { planOrder } from "#controlplane/orders/plan-order.ts";
import { linkedSignal } from "#shared/async/linked-signal.ts";

export type PlanDeps = {
  /** Validates what clients post for a dry run. */
  planSchema: ReturnType<typeof planOrder>;
  /** Makes the plan at a worker. */
  plan: ClientPlan;
  /** Counts a dry run as a job of its client while it goes on. */
  takeJob: TakeJob;
  /** Aborts when the service stops. */
  closing: AbortSignal;
};

export const planRoutes = ({ planSchema, plan, takeJob, closing }: PlanDeps) =>
  new Hono<AppEnv>().post("/", needs("jobs:write"), async (c) => {
    const posted = await readJson(c.req.raw, planSchema);
    const client = c.get("client");
    using _job = takeJob(client);
    disableIdleTimeout(c);
    using linked = linkedSignal([c.req.raw.signal, closing]);
    return c.json(planToJson(await plan(posted, client, linked.signal)));
  });
