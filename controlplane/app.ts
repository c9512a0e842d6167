import { Hono } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { type ClientDeps, requireClient } from "./http/client.ts";
import type { AppEnv } from "./http/env.ts";
import { HttpFault, problem } from "./http/problem.ts";
import { requestLog } from "./http/request-log.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { dashboardRoutes } from "./routes/dashboard.ts";
import { healthPaths, healthRoutes } from "./routes/health.ts";
import { type JobsDeps, jobRoutes } from "./routes/jobs.ts";
import { openapiRoutes } from "./routes/openapi.ts";
import { type PresetsDeps, presetRoutes } from "./routes/presets.ts";
import { type WorkersDeps, workerRoutes } from "./routes/workers.ts";

export type AppDeps = JobsDeps & PresetsDeps & WorkersDeps & ClientDeps & { newId(): string; log: Log };

/** The whole HTTP surface, as a fetch handler. */
export function makeApp(deps: AppDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const onMethodNotAllowed = (c: Parameters<typeof problem>[0], methods: string[]) =>
    problem(c, new HttpFault(405, `use ${methods.join(" or ")}`, { Allow: methods.join(", ") }));

  return app
    .use(requestId({ generator: () => deps.newId() }))
    .use(requestLog({ log: deps.log, isQuiet: (path) => healthPaths.includes(path) }))
    .use(securityHeaders())
    .use(methodNotAllowed({ app, onMethodNotAllowed }))
    .route("/", healthRoutes(deps))
    .route("/", openapiRoutes(deps))
    .route("/", dashboardRoutes())
    .use("/api/v1/*", requireClient(deps))
    .route("/api/v1/jobs", jobRoutes(deps))
    .route("/api/v1/workers", workerRoutes(deps))
    .route("/api/v1/presets", presetRoutes(deps))
    .notFound((c) => problem(c, new Fault("not_found", "there is nothing here")))
    .onError((error, c) => problem(c, error));
}
