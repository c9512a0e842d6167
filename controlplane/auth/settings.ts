import * as v from "valibot";
import { list, setting, wholeNumber } from "#shared/env.ts";
import { cidrs } from "#shared/net/addresses.ts";
import { isLoopback } from "#shared/net/loopback.ts";
import { issueAt } from "#shared/schemas.ts";
import { parseRate } from "./rate.ts";

const keys = v.pipe(
  list,
  v.everyItem((key) => key.length >= 16 && !/\s/.test(key), "use keys of at least 16 characters, without blanks"),
);

const jwksUrl = v.pipe(
  v.string(),
  v.check((text) => {
    const url = URL.parse(text);
    return url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  }, "write an https URL"),
);

/** The settings of access and limits, which the settings of the control plane include. */
export const accessSettings = {
  API_KEY: setting("bearer tokens of the operator, for everything; comma separated, 16 characters or more", keys, ""),
  API_KEYS_FILE: setting(
    "file of hashed API keys with their tenants and scopes; `flux keys create` makes an entry",
    v.string(),
  ),
  TENANTS_FILE: setting(
    "file of tenants, their path prefixes and storages; unset: every tenant has a folder of its name",
    v.string(),
  ),
  JWT_ISSUER: setting("issuer whose JWT access tokens are accepted", v.string()),
  JWT_AUDIENCE: setting("the audience that those tokens must name", v.string()),
  JWT_JWKS_URL: setting("where the issuer's public keys are", jwksUrl),
  JWT_TENANT_CLAIM: setting(
    "the claim that names the tenant; none: every token is the operator's own",
    v.string(),
    "tenant",
  ),
  RATE_LIMIT: setting("requests of each client to this replica; 600/1m once clients need keys or tokens", parseRate),
  MAX_JOBS_PER_CLIENT: setting(
    "running jobs that each client may have from this replica; 100 once clients need keys or tokens",
    wholeNumber(1, 1_000_000),
  ),
  MAX_STREAMS_PER_CLIENT: setting(
    "open streams of each client at this replica; 100 once clients need keys or tokens",
    wholeNumber(1, 1_000_000),
  ),
  TRUSTED_PROXIES: setting("address ranges of proxies whose X-Forwarded-For is believed", cidrs, ""),
};

type Settings = v.InferOutput<v.ObjectSchema<typeof accessSettings, undefined>>;
type Given = Partial<Record<keyof Settings, unknown>>;

/** Whether clients must authenticate. */
export const isGuarded = ({ API_KEY, API_KEYS_FILE, JWT_ISSUER }: Given) =>
  (Array.isArray(API_KEY) && API_KEY.length > 0) || API_KEYS_FILE !== undefined || JWT_ISSUER !== undefined;

const jwtNames = ["JWT_ISSUER", "JWT_AUDIENCE", "JWT_JWKS_URL"] as const;

/** Checks what depends on several settings. Its issues are reported even when a single setting is wrong. */
export const checkAccess = <T extends Settings & { HOST?: string | undefined }>() =>
  v.rawCheck<T>(({ dataset, addIssue }) => {
    const given: Given & { HOST?: unknown } = Object(dataset.value);
    const complain = (key: string, message: string) => addIssue(issueAt(message, key));
    if (!isGuarded(given) && typeof given.HOST === "string" && !isLoopback(given.HOST))
      complain("API_KEY", "(or API_KEYS_FILE or JWT_ISSUER) is required to listen beyond loopback");
    const missing = jwtNames.filter((name) => given[name] === undefined);
    if (missing.length < jwtNames.length)
      for (const name of missing) complain(name, `is required: ${jwtNames.join(", ")} go together`);
  });

export type AccessConfig = ReturnType<typeof accessConfig>;

/** Which tokens of an issuer are accepted; undefined: none. */
function jwtConfig({ JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL, JWT_TENANT_CLAIM }: Settings) {
  if (!JWT_ISSUER || !JWT_AUDIENCE || !JWT_JWKS_URL) return undefined;
  return {
    /** The `iss` that tokens must have. */
    issuer: JWT_ISSUER,
    /** The `aud` that tokens must have. */
    audience: JWT_AUDIENCE,
    /** Where the issuer publishes its keys (RFC 7517). */
    jwksUrl: JWT_JWKS_URL,
    /** The claim that names the tenant; undefined: every token belongs to the operator. */
    tenantClaim: JWT_TENANT_CLAIM === "none" ? undefined : JWT_TENANT_CLAIM,
  };
}

export function accessConfig(read: Settings) {
  const most = isGuarded(read) ? 100 : undefined;
  return {
    apiKeys: read.API_KEY,
    keysFile: read.API_KEYS_FILE,
    tenantsFile: read.TENANTS_FILE,
    jwt: jwtConfig(read),
    limits: {
      rate: read.RATE_LIMIT ?? (isGuarded(read) ? { quota: 600, windowMs: 60_000 } : undefined),
      jobs: read.MAX_JOBS_PER_CLIENT ?? most,
      streams: read.MAX_STREAMS_PER_CLIENT ?? most,
    },
    trustedProxies: read.TRUSTED_PROXIES,
  };
}
