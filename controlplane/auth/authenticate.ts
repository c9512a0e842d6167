import { isDeepStrictEqual } from "node:util";
import { HttpFault } from "#controlplane/http/problem.ts";
import { orUndefined } from "#shared/errors.ts";
import type { Log } from "#shared/log.ts";
import { isLoopback } from "#shared/net/loopback.ts";
import { type Client, type Limits, operator, scopes, type Tenant } from "./client.ts";
import { makeFailedLogins } from "./failed-logins.ts";
import type { ReadToken } from "./jwt.ts";
import { hashOf, type KeyEntry } from "./keys.ts";
import type { Tenants } from "./tenants.ts";

/**
 * Identifies the client that sends a request; throws when the credentials are missing or wrong, or were wrong too
 * often.
 */
export type Authenticate = (request: Request, addressOf: () => string) => Promise<Client>;

type Options = {
  /** The keys of the setting `API_KEY`. */
  apiKeys: readonly string[];
  /** The present entries of `API_KEYS_FILE` by the hash of their key; absent without that file. */
  entries?: (() => ReadonlyMap<string, KeyEntry>) | undefined;
  /** Reads JWT access tokens; absent when no issuer is configured. */
  readToken?: ReadToken | undefined;
  /** The present tenants. */
  tenants(): Pick<Tenants, "named">;
  /** The limits of clients whose key has none of its own. */
  limits: Limits;
  /** Unix milliseconds. */
  now(): number;
  log: Log;
};

// Keys of API_KEY stay valid until the service restarts.
const isStillKnown = () => true;
const ownersKey = { tenant: operator, scopes: ["admin"] } as const;

/**
 * Authenticates by API key or token. Without either configured everyone may call: then the service listens on loopback
 * only.
 */
export function authenticator({ apiKeys, entries, readToken, tenants, limits, ...deps }: Options): Authenticate {
  if (apiKeys.length === 0 && !entries && !readToken) return async (request) => anonymous(request, limits);
  const own = new Map(
    apiKeys.map((key, index) => [hashOf(key), { name: `key ${index + 1}`, ...ownersKey, limits, isStillKnown }]),
  );
  const failedLogins = makeFailedLogins(deps);
  const isUnchanged = (tenant: Tenant) => {
    const present = tenant === operator ? operator : orUndefined(() => tenants().named(tenant.name));
    return isDeepStrictEqual(present, tenant);
  };

  const byKey = (key: string): Client | undefined => {
    const hash = hashOf(key);
    const entry = entries?.().get(hash);
    if (!entry) return own.get(hash);
    const { name, scopes, priorities } = entry;
    const tenant = tenants().named(entry.tenant);
    const isStillKnown = () => isDeepStrictEqual(entries?.().get(hash), entry) && isUnchanged(tenant);
    return { name, tenant, scopes, priorities, limits: { ...limits, ...entry.limits }, isStillKnown };
  };
  const byToken = async (text: string): Promise<Client | undefined> => {
    const token = isJwt.test(text) ? await readToken?.(text) : undefined;
    if (!token) return undefined;
    const { name, scopes, expiresAtMs } = token;
    const tenant = token.tenant === "" ? operator : tenants().named(token.tenant);
    const isStillKnown = () => deps.now() < expiresAtMs && isUnchanged(tenant);
    return { name, tenant, scopes, limits, isStillKnown };
  };

  return async (request, addressOf) => {
    const [, credential] = /^Bearer +(\S+)$/i.exec(request.headers.get("Authorization") ?? "") ?? [];
    if (credential === undefined)
      throw unauthenticated("send an API key or token as Authorization: Bearer <key>", "Bearer");
    const address = addressOf();
    failedLogins.check(address, credential);
    const client = byKey(credential) ?? (await byToken(credential));
    if (!client) {
      failedLogins.failed(address, credential);
      throw unauthenticated("the API key or token is not valid", 'Bearer error="invalid_token"');
    }
    failedLogins.succeeded(address, credential);
    return client;
  };
}

const isJwt = /^[\w-]+\.[\w-]+\.[\w-]*$/;

const unauthenticated = (message: string, challenge: string) =>
  new HttpFault(401, message, { "WWW-Authenticate": challenge });

// Protects against pages of other sites in the user's browser. With DNS rebinding such a page sends its own name as the
// host, and with CSRF its own origin.
function anonymous(request: Request, limits: Limits): Client {
  if (!isLoopback(new URL(request.url).hostname))
    throw new HttpFault(403, "without API keys only this machine is answered, by the name localhost");
  const origin = request.headers.get("Origin");
  if (origin !== null && !isLoopback(URL.parse(origin)?.hostname ?? ""))
    throw new HttpFault(403, "without API keys only pages of this machine are answered");
  return { name: "anonymous", tenant: operator, scopes, limits, isStillKnown };
}
