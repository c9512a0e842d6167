import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { ControlPlaneMetrics } from "#controlplane/metrics.ts";
import type { AppEnv } from "./env.ts";

const methods = ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"];

/** Measures each request by the pattern of its route. The path itself would make a series for every job. */
export const requestMetrics =
  ({ answered }: Pick<ControlPlaneMetrics, "answered">): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const began = performance.now();
    await next();
    const route = routePath(c, -1);
    answered(
      {
        method: methods.includes(c.req.method) ? c.req.method : "other",
        // Such a pattern belongs to a middleware: no route matched.
        route: route.endsWith("*") ? "none" : route,
        status: String(c.res.status),
      },
      (performance.now() - began) / 1_000,
    );
  };
