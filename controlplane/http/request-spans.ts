import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { toFault } from "#shared/fault.ts";
import type { Trace } from "#shared/tracing/trace.ts";
import { parseTraceparent } from "#shared/tracing/traceparent.ts";
import type { AppEnv } from "./env.ts";

/** Surrounds each request with a span, in the trace that a `traceparent` header names. */
export const requestSpans =
  (trace: Trace): MiddlewareHandler<AppEnv> =>
  (c, next) => {
    const { method, path } = c.req;
    const attributes = { "http.request.method": method, "url.path": path };
    const parent = parseTraceparent(c.req.header("traceparent"));
    return trace.span(method, { kind: "server", parent, attributes }, async (span) => {
      await next();
      if (!span) return;
      const route = routePath(c, -1);
      const jobId = c.get("jobId");
      span.rename(`${method} ${route}`);
      span.set({
        "http.route": route,
        "http.response.status_code": c.res.status,
        ...(jobId && { "flux.job.id": jobId }),
      });
      if (c.res.status >= 500) span.fail(toFault(c.error));
    });
  };
