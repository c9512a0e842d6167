import { Hono } from "hono";
import { etag } from "hono/etag";
import * as v from "valibot";
import type { AppEnv } from "#controlplane/http/env.ts";
import { jwkOf, type VerifyKey } from "#shared/certificate/keys.ts";
import { described } from "#shared/described.ts";
import { Fault } from "#shared/fault.ts";

export type JwksDeps = {
  /** The keys that certificates of the workers are verified with. */
  signingPublicKeys: readonly VerifyKey[];
};

/** A JSON Web Key Set (RFC 7517) of Ed25519 keys (RFC 8037). */
export const JwkSet = v.object({
  keys: v.array(
    v.object({
      kty: described(v.literal("OKP"), "The type of the key.", "OKP"),
      crv: described(v.literal("Ed25519"), "Its curve.", "Ed25519"),
      x: described(v.string(), "The public key, in base64url.", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
      kid: described(
        v.string(),
        "Its thumbprint (RFC 7638), which certificates name as `keyid`.",
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
      ),
      use: described(v.literal("sig"), "What it is for.", "sig"),
      alg: described(v.literal("EdDSA"), "The algorithm.", "EdDSA"),
    }),
  ),
});

/** Publishes the keys, to everybody: they are public, and who verifies an output need not be a client of the service. */
export const jwksRoutes = ({ signingPublicKeys }: JwksDeps) =>
  new Hono<AppEnv>().get("/.well-known/jwks.json", etag(), (c) => {
    if (signingPublicKeys.length === 0) throw new Fault("not_found", "this service has no SIGNING_PUBLIC_KEYS");
    return c.body(JSON.stringify({ keys: signingPublicKeys.map(jwkOf) }), 200, {
      "Content-Type": "application/jwk-set+json",
      "Cache-Control": "public, max-age=3600",
    });
  });
