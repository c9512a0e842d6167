import { invalidField } from "#shared/fault.ts";

/** An upload, by its tenant and the id that clients know it by. */
export type UploadName = {
  /** Empty for the operator. */
  tenant: string;
  id: string;
};

// No tenant can be called so: the names of tenants begin with a letter or digit.
const operators = "_operator";
const open = "_open";

const tenantPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

function folderOf(tenant: string): string {
  if (tenant === "") return operators;
  if (!tenantPattern.test(tenant)) throw invalidField("tenant", "is not the name of a tenant that can have uploads");
  return tenant;
}

/** The key of the bytes of an upload, which all other keys of it begin with. */
export const uploadKey = (prefix: string, { tenant, id }: UploadName) => `${prefix}/${folderOf(tenant)}/${id}`;

/** The folder of the markers of a tenant's uploads that are not finished. */
export const openFolder = (prefix: string, tenant: string) => `${openRoot(prefix)}${folderOf(tenant)}/`;
export const openRoot = (prefix: string) => `${prefix}/${open}/`;

/** What lies beside the bytes of an upload, by its key. */
export const infoKey = (key: string) => `${key}.info`;
export const finishedKey = (key: string) => `${key}.finished`;
export const closedKey = (key: string) => `${key}.closed`;
export const pinFolder = (key: string) => `${key}.pins/`;

/** Of an S3 store: what a request has left that is too little for a part. */
export const partKey = (key: string) => `${key}.part`;

/** The marker of an upload that is not finished. */
export const openKey = (prefix: string, key: string) => `${openRoot(prefix)}${key.slice(prefix.length + 1)}`;

/** The key of the upload that something below the prefix belongs to; undefined when it belongs to none. */
export function uploadKeyIn(prefix: string, key: string): string | undefined {
  const [, folder, id] = /^(?:_open\/)?([^/]+)\/([0-9a-f]{32})(?=[./]|$)/.exec(key.slice(prefix.length + 1)) ?? [];
  return folder && id && folder !== open ? `${prefix}/${folder}/${id}` : undefined;
}
