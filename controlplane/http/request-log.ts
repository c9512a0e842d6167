import type { MiddlewareHandler } from "hono";
import { toFault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import type { AppEnv } from "./env.ts";

type Options = { log: Log; isQuiet(path: string): boolean };

/** One line a request, when its answer begins; what failed unexpectedly, with its cause. */
export const requestLog =
  ({ log, isQuiet }: Options): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const began = performance.now();
    await next();
    const { method, path } = c.req;
    const { status } = c.res;
    const jobId = c.get("jobId");
    const client = c.get("client");
    const isUnexpected = c.error !== undefined && toFault(c.error).kind === "internal";
    const line = {
      request_id: c.get("requestId"),
      ...(jobId && { job_id: jobId }),
      ...(client && { client: client.name }),
      ...(client?.tenant.name && { tenant: client.tenant.name }),
      method,
      path,
      status,
      ms: Math.round(performance.now() - began),
      ...(isUnexpected && { err: c.error }),
    };
    // Strangers must not be able to fill the log.
    const isStranger = !client && status >= 400;
    log[isUnexpected ? "error" : isStranger || isQuiet(path) ? "debug" : "info"](line, "request");
  };
