import { type Client, hasScope, mayKnow } from "#controlplane/auth/client.ts";
import { tenantOf } from "#controlplane/lookup/found-job.ts";
import { Fault, invalidField } from "#shared/fault.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";

/** A client's order as one of its tenant's: below the tenant's prefix, in a storage that it may use. */
export function forTenant(order: JobRequestInit, { tenant }: Client): JobRequestInit {
  const { name, pathPrefix, storages } = tenant;
  const { $typeName: _, path = "", storage = onlyOne(storages), ...output } = order.output ?? {};
  const place = path ? { path: pathPrefix + path } : { pathPrefix };
  const placed = { ...output, ...place, ...(storage && { storage }) };
  const own = { ...order, tenant: name, output: placed };
  checkStorage(own, storages);
  return own;
}

/** Throws unless what an ended job of the client's did may be done again now. */
export function checkRetryAllowed(order: JobRequestInit, client: Client) {
  if (hasScope(client, "admin")) return;
  const { pathPrefix, storages } = client.tenant;
  if (!order.output?.path?.startsWith(pathPrefix))
    throw new Fault("forbidden", "the job's output is not below your prefix");
  checkStorage(order, storages);
}

/** Throws as for a job that is not there, for one of another tenant: an id alone opens nothing. */
export function checkVisible(client: Client, order: JobRequestInit | undefined) {
  if (!mayKnow(client, tenantOf(order))) throw new Fault("not_found", "no such job");
}

/** With one alone there is nothing to name. */
const onlyOne = (storages: readonly string[] = []) => (storages.length === 1 ? storages[0] : undefined);

function checkStorage({ output }: JobRequestInit, storages: readonly string[] | undefined) {
  const storage = output?.storage ?? "";
  if (!storages || storages.includes(storage)) return;
  throw invalidField("output.storage", `use ${storages.join(" or ")}${storage ? "" : "; it must be named"}`);
}
