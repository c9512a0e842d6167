import { Hono } from "hono";
import type { AppEnv } from "#controlplane/http/env.ts";
import type { RecordsHealth } from "#controlplane/lookup/records-health.ts";

export type HealthDeps = { closing: AbortSignal; records: RecordsHealth };

/**
 * Alive as long as it answers; ready until it stops. Workers are not asked: the machines of an idle farm sleep. A storage
 * of records that does not answer is told of, and no reason to be taken off a load balancer: no replica has another.
 */
export const healthRoutes = ({ closing, records }: HealthDeps) =>
  new Hono<AppEnv>()
    .get("/healthz", (c) => c.json({ status: "ok" }))
    .get("/readyz", (c) => {
      if (closing.aborted) return c.json({ status: "stopping" }, 503);
      records.look();
      const reason = records.problem();
      return c.json({ status: "ready", ...(reason !== undefined && { incomplete: [{ part: "records", reason }] }) });
    });
