import { orUndefined } from "#shared/errors.ts";
import { timeOf } from "#shared/job/id.ts";
import type { Order } from "#shared/job/order.ts";
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
  /** Only jobs with this preset; absent: with any. */
  preset?: string | undefined;
  /** Only jobs made at this time or later, in Unix milliseconds; absent: of the last 31 days. */
  since?: number | undefined;
  /** Only jobs made before this time, in Unix milliseconds; absent: until now. */
  until?: number | undefined;
  /** Only jobs whose source's file name has this text in it, in capitals or not; absent: of all sources. */
  source?: string | undefined;
};

/** A job as far as a query asks about it; some are known without their order. */
type Listed = {
  event: { jobId: string; status: JobStatus };
  order?: (Partial<Sources> & { tenant?: string | undefined; preset?: string | undefined }) | undefined;
};

/** Whether an order is of a tenant; one that names none is of the empty one, and every order is of `undefined`. */
export const isOf = (tenant: string | undefined, order: Pick<Order, "tenant">) =>
  tenant === undefined || (order.tenant ?? "") === tenant;

/** Whether a job is one that was asked for, wherever in the list it is. */
export const matches = (query: JobQuery, { event, order }: Listed): boolean =>
  (!query.status || event.status === query.status) && isInTime(query, event.jobId) && isOrdered(query, order);

function isOrdered({ tenant, preset, source }: JobQuery, order: Listed["order"]): boolean {
  if (!order) return tenant === undefined && preset === undefined && source === undefined;
  return (
    (tenant === undefined || (order.tenant ?? "") === tenant) &&
    (preset === undefined || order.preset === preset) &&
    (source === undefined || sourceNames(order).some((name) => name.includes(source.toLowerCase())))
  );
}

// The time of an id that does not tell one is not known: it is in every span.
function isInTime({ since, until }: JobQuery, jobId: string): boolean {
  const time = timeOf(jobId);
  return time === undefined || ((since === undefined || time >= since) && (until === undefined || time < until));
}

type Sources = { inputUrl: string; inputs: readonly { url?: string }[] };

const sourceNames = ({ inputUrl = "", inputs = [] }: Partial<Sources>) =>
  (inputs.length > 0 ? inputs.map(({ url = "" }) => url) : [inputUrl]).map(sourceName);

/** The name of the file in a source's URL, in small letters. */
function sourceName(inputUrl: string): string {
  const path = inputUrl.replace(/[?#].*$/s, "").replace(/\/+$/, "");
  const name = path.slice(path.lastIndexOf("/") + 1);
  return (orUndefined(() => decodeURIComponent(name)) ?? name).toLowerCase();
}
