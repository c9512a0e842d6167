import { type Client, hasScope } from "#controlplane/auth/client.ts";
import { Fault, invalidField } from "#shared/fault.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";

/** Makes a client's order one of its tenant's: below the tenant's prefix, in a storage that the tenant may use. */
export function forTenant(order: JobRequestInit, { tenant }: Client): JobRequestInit {
  const { name, pathPrefix, storages } = tenant;
  const { $typeName: _, path = "", storage = onlyOne(storages), ...output } = order.output ?? {};
  const place = path ? { path: pathPrefix + path } : { pathPrefix };
  const placed = { ...output, ...place, ...(storage && { storage }) };
  const own = { ...order, tenant: name, output: placed };
  checkStorage(own, storages);
  return own;
}

/** Throws unless the client may still write where the ended job wrote. */
export function checkRetryAllowed(order: JobRequestInit, client: Client) {
  if (hasScope(client, "admin")) return;
  const { pathPrefix, storages } = client.tenant;
  if (!order.output?.path?.startsWith(pathPrefix))
    throw new Fault("forbidden", "the job's output is not below your prefix");
  checkStorage(order, storages);
}

/** The storage of a tenant that may use one only, which orders then need not name. */
const onlyOne = (storages: readonly string[] = []) => (storages.length === 1 ? storages[0] : undefined);

function checkStorage({ output }: JobRequestInit, storages: readonly string[] | undefined) {
  const storage = output?.storage ?? "";
  if (!storages || storages.includes(storage)) return;
  throw invalidField("output.storage", `use ${storages.join(" or ")}${storage ? "" : "; it must be named"}`);
}
