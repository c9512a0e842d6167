import { Hono } from "hono";
import type { AppEnv } from "#controlplane/http/env.ts";
import type { RecordsHealth } from "#controlplane/lookup/records-health.ts";

export type HealthDeps = { closing: AbortSignal; records: RecordsHealth };

/**
 * Liveness: it answers. Readiness: it is not stopping. Workers are not asked, because the machines of an idle farm
 * sleep. An unreadable storage of records is reported, but keeps the service ready: no other replica has another
 * storage.
 */
export const healthRoutes = ({ closing, records }: HealthDeps) =>
  new Hono<AppEnv>()
    .get("/healthz", (c) => c.json({ status: "ok" }))
    .get("/readyz", (c) => {
      if (closing.aborted) return c.json({ status: "stopping" }, 503);
      records.probe();
      const reason = records.problem();
      return c.json({ status: "ready", ...(reason !== undefined && { incomplete: [{ part: "records", reason }] }) });
    });
