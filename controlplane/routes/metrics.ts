import { Hono, type MiddlewareHandler } from "hono";
import { needs } from "#controlplane/http/client.ts";
import type { AppEnv } from "#controlplane/http/env.ts";
import { metricsType } from "#shared/metrics/metrics.ts";

export type MetricsDeps = {
  /** The metrics in the Prometheus text format. Asking for them wakes no worker. */
  metricsText(): Promise<string>;
  /** Whether they are served without authentication. */
  areMetricsPublic: boolean;
};

export const metricsRoutes = (
  { metricsText, areMetricsPublic }: MetricsDeps,
  requireClient: MiddlewareHandler<AppEnv>,
) => {
  const app = new Hono<AppEnv>();
  if (!areMetricsPublic) app.use("/metrics", requireClient, needs("metrics:read"));
  return app.get("/metrics", async (c) => c.body(await metricsText(), 200, { "Content-Type": metricsType }));
};
