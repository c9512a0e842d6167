import type { MiddlewareHandler } from "hono";
import type { Client } from "#controlplane/auth/client.ts";
import { toFault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import type { AppEnv } from "./env.ts";

/** Logs a line for each request when its answer begins; unexpected failures with their cause. */
export const requestLog =
  ({ log }: { log: Log }): MiddlewareHandler<AppEnv> =>
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
      ...omitEmpty({ job_id: jobId, client: client?.name, tenant: client?.tenant.name }),
      method,
      path,
      status,
      ms: Math.round(performance.now() - began),
      ...(isUnexpected && { err: c.error }),
    };
    log[isUnexpected ? "error" : isQuiet(method, status, client) ? "debug" : "info"](line, "request");
  };

/**
 * Whether the line is for debugging only: reads are frequent and change nothing, and strangers must not be able to fill
 * the log.
 */
const isQuiet = (method: string, status: number, client: Client | undefined) =>
  status >= 400 ? !client : method === "GET" || method === "HEAD";
