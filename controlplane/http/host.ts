import type { MiddlewareHandler } from "hono";
import { Fault } from "#shared/fault.ts";
import type { AppEnv } from "./env.ts";

/**
 * Refuses a Host header that is repeated or is no host (RFC 9112, section 3.2): a proxy in front may have read another
 * host.
 */
export const oneHost = (): MiddlewareHandler<AppEnv> => async (c, next) => {
  const isOne = !c.req.header("Host")?.includes(",") && URL.canParse(c.req.url);
  if (!isOne) throw new Fault("invalid", "the Host header must name one host");
  await next();
};
