import { type Client, mayKnow } from "#controlplane/auth/client.ts";
import { Fault } from "#shared/fault.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { tenantOf } from "./found-job.ts";

/** Throws `not_found` for a job of another tenant, so that a job id alone reveals nothing. */
export function checkVisible(client: Client, order: JobRequestInit | undefined) {
  if (!mayKnow(client, tenantOf(order))) throw new Fault("not_found", "no such job");
}
