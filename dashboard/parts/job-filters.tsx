import type { JobStatus } from "#client/client.ts";
import { presetFilter, presetsSeen, sinceFilter, statusFilter, tenantFilter, tenantsSeen } from "../state/filters.ts";
import { readJobs, search } from "../state/jobs.ts";

const statuses: readonly JobStatus[] = ["queued", "processing", "uploading", "completed", "failed", "cancelled"];

const isStatus = (text: string): text is JobStatus => statuses.some((status) => status === text);

/** Search among what is shown, and the filters that the service applies. */
export const JobFilters = () => (
  <div class="filters">
    <label class="unseen" for="search">
      Search
    </label>
    <input
      id="search"
      type="search"
      placeholder="Search source, preset, tenant, id"
      value={search.value}
      onInput={({ currentTarget }) => {
        search.value = currentTarget.value;
      }}
    />
    <label class="unseen" for="status">
      State
    </label>
    <select
      id="status"
      value={statusFilter.value}
      onChange={({ currentTarget: { value } }) => {
        statusFilter.value = isStatus(value) ? value : "";
        readAgain();
      }}
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
      onChange={({ currentTarget }) => {
        sinceFilter.value = currentTarget.value;
        readAgain();
      }}
    />
  </div>
);

const Preset = () => (
  <>
    <label class="unseen" for="preset-filter">
      Preset
    </label>
    <input
      id="preset-filter"
      placeholder="Any preset"
      list="presets-seen"
      value={presetFilter.value}
      onChange={({ currentTarget }) => {
        presetFilter.value = currentTarget.value;
        readAgain();
      }}
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
  <>
    <label class="unseen" for="tenant">
      Tenant
    </label>
    <select
      id="tenant"
      value={tenantFilter.value === undefined ? "" : `=${tenantFilter.value}`}
      onChange={({ currentTarget: { value } }) => {
        tenantFilter.value = value ? value.slice(1) : undefined;
        readAgain();
      }}
    >
      <option value="">All tenants</option>
      {tenantsSeen.value.map((name) => (
        <option key={name} value={`=${name}`}>
          {name || "No tenant"}
        </option>
      ))}
    </select>
  </>
);

const readAgain = () => {
  readJobs().catch(() => {});
};
