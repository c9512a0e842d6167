import type { AllowedParams } from "#shared/job/allowed-params.ts";
import type { Priority } from "#shared/job/priority.ts";
import type { StorageName } from "#shared/storage/kinds.ts";

/** The scopes of API keys and tokens; `admin` includes all others, for the jobs of every tenant. */
export const scopes = ["jobs:write", "jobs:read", "jobs:remove", "workers:read", "metrics:read", "admin"] as const;
export type Scope = (typeof scopes)[number];

/** Token bucket: `quota` requests per `windowMs`, refilled continuously. */
export type Rate = { quota: number; windowMs: number };

/** The limits of one client at one control plane; undefined means unlimited. */
export type Limits = {
  /** Requests, as a token bucket. */
  rate: Rate | undefined;
  /** Running jobs at a time. */
  jobs: number | undefined;
  /** Open event streams at a time. */
  streams: number | undefined;
};

/** What all clients of a tenant have in common. */
export type Tenant = {
  /** Empty for the operator, who has no tenant. */
  name: string;
  /** Prepended to output paths; empty, or ends in `/`. */
  pathPrefix: string;
  /** The storages that may be named; undefined: all that the workers have. */
  storages?: readonly StorageName[] | undefined;
  /** Its turns at the workers where orders wait, relative to those of other tenants. Default: 1. */
  weight?: number | undefined;
  /** The most of its jobs that run at a time; undefined: any number. Such a tenant's orders always go by the waiting room. */
  maxRunning?: number | undefined;
  /** The most of its orders that wait at a time; undefined: any number. */
  maxWaiting?: number | undefined;
  /** The parameters that its orders may set besides those that a preset allows, and its bounds for them. Default: none. */
  allow?: AllowedParams | undefined;
};

/** The authenticated sender of a request. */
export type Client = {
  /** The name of the key or the subject of the token; unique within the tenant. */
  name: string;
  /** Whose jobs its orders make. */
  tenant: Tenant;
  /** What it may do. */
  scopes: readonly Scope[];
  /** The priorities that its orders may have; undefined: all. */
  priorities?: readonly Priority[] | undefined;
  /** How much it may ask of this control plane. */
  limits: Limits;
  /** Whether the credentials are still valid: a key may be revoked and a token expire while a stream is open. */
  isStillKnown(): boolean;
};

export const operator: Tenant = { name: "", pathPrefix: "" };

export const hasScope = ({ scopes }: Pick<Client, "scopes">, scope: Scope) =>
  scopes.includes(scope) || scopes.includes("admin");

/** Whether a client may see a job of this tenant. A job of unknown tenant is visible to admins only. */
export const mayKnow = (client: Pick<Client, "tenant" | "scopes">, tenant: string | undefined) =>
  tenant === client.tenant.name || hasScope(client, "admin");

export const clientId = ({ tenant, name }: Client) => `${tenant.name}/${name}`;
