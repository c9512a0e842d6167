import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./env.ts";

const always = Object.entries({
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Frame-Options": "DENY",
});
// A page says itself what more it needs.
const unlessSaid = Object.entries({
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cache-Control": "no-store",
});

/** What browsers and caches are told of every answer. */
export const securityHeaders = (): MiddlewareHandler<AppEnv> => async (c, next) => {
  await next();
  // Not by c.header, which makes a new answer for each.
  const { headers } = c.res;
  for (const [name, value] of always) headers.set(name, value);
  for (const [name, value] of unlessSaid) if (!headers.has(name)) headers.set(name, value);
};
