import type { MiddlewareHandler } from "hono";
import type { Authenticate } from "#controlplane/auth/authenticate.ts";
import { makeBuckets } from "#controlplane/auth/buckets.ts";
import { type Client, clientId, hasScope, type Scope } from "#controlplane/auth/client.ts";
import type { Cidrs } from "#shared/net/addresses.ts";
import { addressOf } from "./address.ts";
import type { AppEnv } from "./env.ts";
import { HttpFault } from "./problem.ts";

export type ClientDeps = { authenticate: Authenticate; trustedProxies: Cidrs; now(): number };

/** Authenticates each request and applies the rate limit of its client. */
export function requireClient({ authenticate, trustedProxies, now }: ClientDeps): MiddlewareHandler<AppEnv> {
  const buckets = makeBuckets(now);
  return async (c, next) => {
    const client = await authenticate(c.req.raw, () => addressOf(c, trustedProxies));
    c.set("client", client);
    c.header("X-OAuth-Scopes", client.scopes.join(", "));
    const { rate } = client.limits;
    if (rate) {
      const { isAllowed, remaining, resetSeconds, retrySeconds } = buckets.take(clientId(client), rate);
      // draft-ietf-httpapi-ratelimit-headers-10
      c.header("RateLimit-Policy", `"default";q=${rate.quota};w=${Math.ceil(rate.windowMs / 1_000)}`);
      c.header("RateLimit", `"default";r=${remaining};t=${resetSeconds}`);
      if (!isAllowed)
        throw new HttpFault(429, "too many requests; try again later", { "Retry-After": String(retrySeconds) });
    }
    await next();
  };
}

/** Requires a scope; the 403 names it (RFC 6750, section 3.1). */
export const needs =
  (scope: Scope): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    checkScope(c.get("client"), scope);
    await next();
  };

/** The same for a request whose fields tell which scope it needs. */
export function checkScope(client: Pick<Client, "scopes">, scope: Scope) {
  if (hasScope(client, scope)) return;
  const challenge = `Bearer error="insufficient_scope", scope="${scope}"`;
  throw new HttpFault(403, `this needs the scope ${scope}`, { "WWW-Authenticate": challenge });
}
