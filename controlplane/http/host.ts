import type { MiddlewareHandler } from "hono";
import { Fault } from "#shared/fault.ts";
import type { AppEnv } from "./env.ts";

/** Refuses a Host that is given twice or is none (RFC 9112, section 3.2): who stands in front may read another. */
export const oneHost = (): MiddlewareHandler<AppEnv> => async (c, next) => {
  const isOne = !c.req.header("Host")?.includes(",") && URL.canParse(c.req.url);
  if (!isOne) throw new Fault("invalid", "the Host header must name one host");
  await next();
};
