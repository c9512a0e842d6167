import type { Signal } from "@preact/signals";
import type { JobStatus } from "#client/client.ts";
import { presetFilter, presetsSeen, sinceFilter, statusFilter, tenantFilter, tenantsSeen } from "../state/filters.ts";
import { readJobs, search } from "../state/jobs.ts";

const statuses: readonly JobStatus[] = ["queued", "processing", "uploading", "completed", "failed", "cancelled"];

const isStatus = (text: string): text is JobStatus => statuses.some((status) => status === text);

/** Search among what is shown, and the filters that the service applies. */
export const JobFilters = () => (
  <div class="filters">
    <input
      id="search"
      type="search"
      aria-label="Search"
      placeholder="Search source, preset, tenant, id"
      value={search.value}
      onInput={({ currentTarget }) => {
        search.value = currentTarget.value;
      }}
    />
    <select
      id="status"
      aria-label="State"
      value={statusFilter.value}
      onChange={({ currentTarget: { value } }) => choose(statusFilter, isStatus(value) ? value : "")}
    >
      <option value="">All states</option>
      {statuses.map((status) => (
        <option key={status} value={status}>
          {status}
        </option>
      ))}
    </select>
    <Preset />
    {tenantsSeen.value.length > 1 && <Tenant />}
    <label for="since">Since</label>
    <input
      id="since"
      type="date"
      title="The first day (UTC)"
      value={sinceFilter.value}
      onChange={({ currentTarget: { value } }) => choose(sinceFilter, value)}
    />
  </div>
);

const Preset = () => (
  <>
    <input
      id="preset-filter"
      aria-label="Preset"
      placeholder="Any preset"
      list="presets-seen"
      value={presetFilter.value}
      onChange={({ currentTarget: { value } }) => choose(presetFilter, value)}
    />
    <datalist id="presets-seen">
      {presetsSeen.value.map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  </>
);

// An option's value is the tenant behind a letter, because the tenant that is empty is not the choice of all.
const Tenant = () => (
  <select
    id="tenant"
    aria-label="Tenant"
    value={tenantFilter.value === undefined ? "" : `=${tenantFilter.value}`}
    onChange={({ currentTarget: { value } }) => choose(tenantFilter, value ? value.slice(1) : undefined)}
  >
    <option value="">All tenants</option>
    {tenantsSeen.value.map((name) => (
      <option key={name} value={`=${name}`}>
        {name || "No tenant"}
      </option>
    ))}
  </select>
);

/** Sets a filter, and reads the jobs that it lets through. */
function choose<T>(filter: Signal<T>, value: T) {
  filter.value = value;
  readJobs().catch(() => {});
}
