import type { Client } from "#controlplane/auth/client.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { grantedParams } from "./granted-params.ts";
import type { JobOrder } from "./order.ts";
import { orderHash } from "./order-hash.ts";
import { allowedPriority } from "./priority.ts";
import { type OrderRules, orderFrom } from "./request.ts";
import { forTenant } from "./tenant-prefix.ts";

/** Makes the request for a worker of an order that a client posted, as one of its tenant, with its idempotency key. */
export type ClientOrder = (posted: JobOrder, client: Client, idempotencyKey?: string) => JobRequestInit;

export const makeClientOrder =
  (rules: OrderRules): ClientOrder =>
  (posted, client, idempotencyKey) => ({
    ...forTenant(orderFrom(posted, rules), client),
    ...grantedParams(posted.params, client),
    priority: allowedPriority(posted.priority, client),
    ...(idempotencyKey && { idempotencyKey, orderHash: orderHash(posted) }),
  });
