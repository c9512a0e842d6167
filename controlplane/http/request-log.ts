import type { MiddlewareHandler } from "hono";
import type { Log } from "#shared/log.ts";
import type { AppEnv } from "./env.ts";

type Options = { log: Log; isQuiet(path: string): boolean };

/** One line a request, when its answer begins; what failed unexpectedly, with its cause. */
export const requestLog =
  ({ log, isQuiet }: Options): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const began = performance.now();
    c.set("log", log.child({ request_id: c.get("requestId") }));
    await next();
    const { method, path } = c.req;
    const jobId = c.get("jobId");
    const line = {
      ...(jobId && { job_id: jobId }),
      method,
      path,
      status: c.res.status,
      ms: Math.round(performance.now() - began),
      ...(c.res.status >= 500 && c.error && { err: c.error }),
    };
    c.get("log")[levelOf(c.res.status, isQuiet(path))](line, "request");
  };

const levelOf = (status: number, quiet: boolean) => {
  if (status >= 500) return "error";
  return quiet ? "debug" : "info";
};
