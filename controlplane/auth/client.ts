import type { StorageName } from "#shared/storage/kinds.ts";

/** `admin` is all of the others, for the jobs of every tenant. */
export const scopes = ["jobs:write", "jobs:read", "workers:read", "metrics:read", "admin"] as const;
export type Scope = (typeof scopes)[number];

/** Token bucket: `quota` requests per `windowMs`, refilled continuously. */
export type Rate = { quota: number; windowMs: number };

/** How much one client may ask of one control plane; undefined is without end. */
export type Limits = { rate: Rate | undefined; jobs: number | undefined; streams: number | undefined };

/** What holds for every client of a tenant. */
export type Tenant = {
  /** Empty for the operator's own jobs. */
  name: string;
  /** Output paths are put below it; empty or ends in `/`. */
  pathPrefix: string;
  /** Undefined: every one that the workers have. */
  storages?: readonly StorageName[] | undefined;
};

/** Who sends a request. */
export type Client = {
  /** Unique within its tenant. */
  name: string;
  tenant: Tenant;
  scopes: readonly Scope[];
  limits: Limits;
  /** Whether what it showed would still open the same: a key may be revoked and a token expire while a stream is open. */
  isStillKnown(): boolean;
};

export const operator: Tenant = { name: "", pathPrefix: "" };

export const hasScope = ({ scopes }: Pick<Client, "scopes">, scope: Scope) =>
  scopes.includes(scope) || scopes.includes("admin");

/** Whether a client may know of a job of this tenant; of a job whose tenant nobody can tell only an admin may. */
export const mayKnow = (client: Pick<Client, "tenant" | "scopes">, tenant: string | undefined) =>
  tenant === client.tenant.name || hasScope(client, "admin");

export const clientId = ({ tenant, name }: Client) => `${tenant.name}/${name}`;
