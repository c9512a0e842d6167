import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import * as v from "valibot";
import { HttpFault } from "#controlplane/http/problem.ts";
import { type Scope, scopes } from "./client.ts";
import type { AccessConfig } from "./settings.ts";
import { tenantName } from "./tenants.ts";

type JwtSettings = NonNullable<AccessConfig["jwt"]>;

type TokenClient = { name: string; tenant: string; scopes: Scope[]; expiresAtMs: number };

/** Verifies a JWT and reads its client; undefined when the token is not valid. */
export type ReadToken = (token: string) => Promise<TokenClient | undefined>;

// Asymmetric signatures only. An attacker who may choose the algorithm could sign with the public key as an HMAC
// secret, or use "none".
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
const clockSkewSeconds = 30;
const fetchTimeoutMs = 5_000;
const cacheMs = 600_000;
// A token with an unknown key id makes the issuer's keys be fetched again, at most this often.
const cooldownMs = 30_000;

/**
 * Verifies access tokens of an OAuth 2.0 issuer (RFC 9068). Its keys are fetched when first needed, and again after
 * they rotate.
 */
export function tokenReader({ issuer, audience, jwksUrl, tenantClaim }: JwtSettings, cooldown = cooldownMs): ReadToken {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: fetchTimeoutMs,
    cooldownDuration: cooldown,
    cacheMaxAge: cacheMs,
  });
  const rules = { issuer, audience, algorithms, clockTolerance: clockSkewSeconds, requiredClaims: ["exp", "sub"] };

  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, rules);
      return clientIn(payload, tenantClaim);
    } catch (cause) {
      if (cause instanceof errors.JOSEError && tokensFault.test(cause.code)) return undefined;
      throw new HttpFault(503, "the token cannot be checked now; try again later", { "Retry-After": "5" }, { cause });
    }
  };
}

function clientIn(claims: JWTPayload, tenantClaim: string | undefined): TokenClient | undefined {
  const tenant = tenantClaim === undefined ? "" : tenantIn(claims[tenantClaim]);
  const { sub: name, exp = 0 } = claims;
  const expiresAtMs = (exp + clockSkewSeconds) * 1_000;
  return name && tenant !== undefined ? { name, tenant, scopes: scopesIn(claims), expiresAtMs } : undefined;
}

const tenantIn = (claim: unknown) => (v.is(tenantName, claim) ? claim : undefined);

/** Reads `scope`, a space-separated text (RFC 8693), and `scp`, which other issuers write as a text or a list. */
function scopesIn({ scope, scp }: JWTPayload): Scope[] {
  const words = [scope, scp].flat().flatMap((words) => (typeof words === "string" ? words.split(" ") : []));
  return scopes.filter((known) => words.includes(known));
}

const tokensFault = /^ERR_(JWT_|JWS_|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE_|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED)/;
