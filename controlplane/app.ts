import { Hono } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { forRequest } from "#shared/request-context.ts";
import type { Trace } from "#shared/tracing/trace.ts";
import { bodyLimit } from "./http/body-limit.ts";
import { type ClientDeps, requireClient } from "./http/client.ts";
import { makeConcurrencyLimit } from "./http/concurrency-limit.ts";
import type { AppEnv } from "./http/env.ts";
import { oneHost } from "./http/host.ts";
import { HttpFault, problem } from "./http/problem.ts";
import { requestLog } from "./http/request-log.ts";
import { requestMetrics } from "./http/request-metrics.ts";
import { requestSpans } from "./http/request-spans.ts";
import { securityHeaders } from "./http/security-headers.ts";
import type { ControlPlaneMetrics } from "./metrics.ts";
import { dashboardRoutes } from "./routes/dashboard.ts";
import { type HealthDeps, healthRoutes } from "./routes/health.ts";
import { type JobsDeps, jobRoutes } from "./routes/jobs.ts";
import { type JwksDeps, jwksRoutes } from "./routes/jwks.ts";
import { type MetricsDeps, metricsRoutes } from "./routes/metrics.ts";
import { openapiRoutes } from "./routes/openapi.ts";
import { type PlanDeps, planRoutes } from "./routes/plan.ts";
import { type PresetsDeps, presetRoutes } from "./routes/presets.ts";
import { type QueueDeps, queueRoutes } from "./routes/queue.ts";
import { type UploadsDeps, uploadRoutes } from "./routes/uploads.ts";
import { type WorkersDeps, workerRoutes } from "./routes/workers.ts";

export type AppDeps = Omit<JobsDeps, "takeJob"> &
  Omit<PlanDeps, "takeJob"> &
  QueueDeps &
  PresetsDeps &
  WorkersDeps &
  HealthDeps &
  MetricsDeps &
  JwksDeps &
  UploadsDeps &
  ClientDeps & { newId(): string; metrics: ControlPlaneMetrics; trace: Trace; log: Log };

/** The whole HTTP surface, as a fetch handler. */
export function makeApp(deps: AppDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const onMethodNotAllowed = (c: Parameters<typeof problem>[0], methods: string[]) =>
    problem(c, new HttpFault(405, `use ${methods.join(" or ")}`, { Allow: methods.join(", ") }));

  const client = requireClient(deps);
  const takeJob = makeConcurrencyLimit("jobs");

  return app
    .use(requestId({ generator: () => deps.newId() }))
    .use((c, next) => forRequest(c.get("requestId"), next))
    .use("/api/v1/*", requestSpans(deps.trace))
    .use(requestLog(deps))
    .use(requestMetrics(deps.metrics))
    .use(securityHeaders())
    .use(oneHost())
    .use(bodyLimit())
    .use(methodNotAllowed({ app, onMethodNotAllowed }))
    .route("/", healthRoutes(deps))
    .route("/", openapiRoutes(deps))
    .route("/", dashboardRoutes())
    .route("/", jwksRoutes(deps))
    .route("/", metricsRoutes(deps, client))
    .use("/api/v1/*", client)
    .route("/api/v1/jobs", jobRoutes({ ...deps, takeJob }))
    .route("/api/v1/plan", planRoutes({ ...deps, takeJob }))
    .route("/api/v1/queue", queueRoutes(deps))
    .route("/api/v1/workers", workerRoutes(deps))
    .route("/api/v1/uploads", uploadRoutes(deps))
    .route("/api/v1/presets", presetRoutes(deps))
    .notFound((c) => problem(c, new Fault("not_found", "there is nothing here")))
    .onError((error, c) => problem(c, error));
}
