import { computed, signal } from "@preact/signals";
import type { Job, JobFilters, JobStatus } from "#client/client.ts";
import { pageHref, readAddress, replaceWith, route } from "./route.ts";

export const statuses: readonly JobStatus[] = ["queued", "processing", "uploading", "completed", "failed", "cancelled"];

/** What the list is filtered by. It stands in the address of the list, so that a filter is a link. */
type Filters = {
  /** Only jobs in this state. */
  status?: JobStatus;
  /** A preset's name. */
  preset?: string;
  /** The day (UTC) from which on jobs are shown. Default: the last 31 days. */
  since?: string;
  /** A tenant's name, which is empty for jobs of none. Default: of all that the key may see. */
  tenant?: string;
  /** A part of the name of the source. */
  source?: string;
};

let before: Filters = {};

/** The filters of the list; on other pages those that it had last. */
export const filters = computed((): Filters => {
  const { page, query } = route.value;
  if (page !== "jobs") return before;
  const next = filtersIn(query);
  // The same filters are the same object, so that nothing is read again for them.
  if (JSON.stringify(next) !== JSON.stringify(before)) before = next;
  return before;
});

function filtersIn({ status, preset, since, tenant, source }: Readonly<Record<string, string>>): Filters {
  const known = statuses.find((one) => one === status);
  return {
    ...(known && { status: known }),
    ...(preset && { preset }),
    ...(since && /^\d{4}-\d{2}-\d{2}$/.test(since) && { since }),
    ...(tenant !== undefined && { tenant }),
    ...(source && { source }),
  };
}

/** The address of the list with other filters; undefined takes one away. */
export const listHref = (change: { readonly [Name in keyof Filters]?: Filters[Name] | undefined }) =>
  pageHref("", { ...filters.value, ...change });

/** Changes filters, and keeps those that were chosen a moment ago, of which the browser has not told yet. */
export function filterBy(change: Parameters<typeof listHref>[0]) {
  readAddress();
  replaceWith(listHref(change));
}

/** What the service is asked for. */
export const listQuery = (): JobFilters => filters.value;

/** Names that were listed so far, in order of the alphabet. */
export const presetsSeen = signal<readonly string[]>([]);
export const tenantsSeen = signal<readonly string[]>([]);

/** Notes what can be filtered by. */
export function noteNames(jobs: readonly Job[]) {
  const orders = jobs.flatMap(({ order }) => order ?? []);
  presetsSeen.value = joined(
    presetsSeen.peek(),
    orders.map(({ preset }) => preset),
  );
  tenantsSeen.value = joined(
    tenantsSeen.peek(),
    orders.map(({ tenant = "" }) => tenant),
  );
}

function joined(known: readonly string[], names: readonly string[]) {
  const all = [...new Set([...known, ...names])];
  return all.length === known.length ? known : all.sort();
}

export function forgetNames() {
  presetsSeen.value = [];
  tenantsSeen.value = [];
}
