import type { Order } from "#shared/job/order.ts";
import type { JobRecord } from "#shared/job/record.ts";
import type { JobStatus } from "#shared/job/status.ts";

/** Which jobs a list holds, newest first. */
export type JobQuery = {
  /** At most this many. */
  limit: number;
  /** Only jobs in this state; absent: in any. */
  status?: JobStatus | undefined;
  /** Only jobs older than the job of this id. */
  before?: string | undefined;
  /** Only jobs of this tenant, where the empty name stands for orders without one; absent: of all tenants. */
  tenant?: string | undefined;
};

/** Whether an order is of a tenant; one that names none is of the empty one, and every order is of `undefined`. */
export const isOf = (tenant: string | undefined, order: Pick<Order, "tenant">) =>
  tenant === undefined || (order.tenant ?? "") === tenant;

/** Whether a job is one that was asked for, wherever in the list it is. */
export const matches = ({ status, tenant }: JobQuery, { event, order }: Pick<JobRecord, "event" | "order">) =>
  (!status || event.status === status) && isOf(tenant, order);
