import type { MiddlewareHandler } from "hono";
import { Fault } from "#shared/fault.ts";
import { isSameSecret } from "#shared/rpc/token.ts";
import type { AppEnv } from "./env.ts";

export type Client = { name: string };

/** Who sends a request, or undefined when that is not shown. */
export type Authenticate = (request: Request) => Promise<Client | undefined>;

/** Bearer tokens from a list. Without a list everyone may call: then the service listens on loopback only. */
export function apiKeys(keys: readonly string[]): Authenticate {
  if (keys.length === 0) return async () => ({ name: "anonymous" });
  return async (request) => {
    const [, given = ""] = /^Bearer +(\S+)$/i.exec(request.headers.get("Authorization") ?? "") ?? [];
    // Every key is compared, so that the time tells nothing of which one was close.
    const matches = keys.map((key) => isSameSecret(given, key));
    return matches.includes(true) ? { name: `key ${matches.indexOf(true) + 1}` } : undefined;
  };
}

export const requireClient =
  (authenticate: Authenticate): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const client = await authenticate(c.req.raw);
    if (!client) throw new Fault("unauthenticated", "send a valid API key as Authorization: Bearer <key>");
    c.set("client", client);
    await next();
  };
