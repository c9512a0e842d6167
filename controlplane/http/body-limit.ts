import type { MiddlewareHandler } from "hono";
import { Fault } from "#shared/fault.ts";
import type { AppEnv } from "./env.ts";

/** What Bun takes as the body of a request unless it is told otherwise. */
export const largestBody = 128 * 2 ** 20;

const takesFiles = /^\/api\/v1\/uploads(\/|$)/;

/**
 * Refuses bodies that are larger than the server takes by itself, but for uploads, for which its limit is raised. Where no
 * uploads are taken this never happens.
 */
export const bodyLimit = (): MiddlewareHandler<AppEnv> => async (c, next) => {
  if (Number(c.req.header("Content-Length") ?? 0) > largestBody && !takesFiles.test(c.req.path))
    throw new Fault("too_large", "the body is larger than any request here needs");
  await next();
};
