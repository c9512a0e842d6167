import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./env.ts";

const always = Object.entries({
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Frame-Options": "DENY",
});
// Only where the route has not set them: a page needs more.
const unlessSet = Object.entries({
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cache-Control": "no-store",
});

/** Sets the headers that protect browsers and caches on every answer. */
export const securityHeaders = (): MiddlewareHandler<AppEnv> => async (c, next) => {
  await next();
  // c.header would copy the response for each header.
  const { headers } = c.res;
  for (const [name, value] of always) headers.set(name, value);
  for (const [name, value] of unlessSet) if (!headers.has(name)) headers.set(name, value);
};
