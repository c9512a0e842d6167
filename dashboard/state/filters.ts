import { signal } from "@preact/signals";
import type { Job, JobFilters, JobStatus } from "#client/client.ts";

export const statusFilter = signal<JobStatus | "">("");
/** A preset's name; empty: any. */
export const presetFilter = signal("");
/** The day (UTC) from which on jobs are shown; empty: the last 31 days. */
export const sinceFilter = signal("");
/** A tenant's name, which is empty for jobs of none; undefined: of all that the key may see. */
export const tenantFilter = signal<string | undefined>(undefined);

/** Names that were listed so far, in order of the alphabet. */
export const presetsSeen = signal<readonly string[]>([]);
export const tenantsSeen = signal<readonly string[]>([]);

/** What the service is to filter by. */
export function filters(): JobFilters {
  const [status, preset, since] = [statusFilter.value, presetFilter.value.trim(), sinceFilter.value];
  const tenant = tenantFilter.value;
  return {
    ...(status && { status }),
    ...(preset && { preset }),
    ...(since && { since }),
    ...(tenant !== undefined && { tenant }),
  };
}

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

export function forgetFilters() {
  statusFilter.value = "";
  presetFilter.value = "";
  sinceFilter.value = "";
  tenantFilter.value = undefined;
  presetsSeen.value = [];
  tenantsSeen.value = [];
}
