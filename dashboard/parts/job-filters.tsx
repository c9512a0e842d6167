import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { filterBy, filters, listHref, presetsSeen, statuses, tenantsSeen } from "../state/filters.ts";
import { jobHref, replaceWith } from "../state/route.ts";

/** The filters that the service applies: links for the states, fields for the rest. */
export const JobFilters = () => (
  <div class="filters">
    <nav class="states" aria-label="States">
      <State title="All" status={undefined} />
      {statuses.map((status) => (
        <State key={status} title={status} status={status} />
      ))}
    </nav>
    <div class="fields-of-list">
      <Search />
      <Preset />
      {tenantsSeen.value.length > 1 && <Tenant />}
      <label for="since">Since</label>
      <input
        id="since"
        type="date"
        title="The first day (UTC)"
        value={filters.value.since ?? ""}
        onChange={({ currentTarget: { value } }) => filterBy({ since: value || undefined })}
      />
    </div>
  </div>
);

const State = ({ title, status }: { title: string; status: (typeof statuses)[number] | undefined }) => (
  <a href={listHref({ status })} aria-current={filters.value.status === status && "true"}>
    {title}
  </a>
);

const pauseMs = 250;
const jobId = /^[0-9a-f]{8}-[0-9a-f-]{36}$/;

/** Searches as one types. The id of a job opens it. */
function Search() {
  const text = useSignal(filters.peek().source ?? "");
  const source = useComputed(() => filters.value.source ?? "");
  useSignalEffect(() => {
    if (source.value !== text.peek().trim()) text.value = source.value;
  });
  useEffect(() => {
    const typed = text.value.trim();
    if (typed === (filters.peek().source ?? "")) return;
    const timer = setTimeout(() => {
      if (jobId.test(typed)) replaceWith(jobHref(typed));
      else filterBy({ source: typed || undefined });
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [text.value]);
  return (
    <input
      id="search"
      type="search"
      aria-label="Search"
      placeholder="Search by file name, or a job's id"
      maxLength={200}
      value={text.value}
      onInput={({ currentTarget }) => {
        text.value = currentTarget.value;
      }}
    />
  );
}

function Preset() {
  // What is being typed stays when a job of another preset comes meanwhile, and when another filter changes.
  const text = useSignal("");
  const preset = useComputed(() => filters.value.preset ?? "");
  useSignalEffect(() => {
    text.value = preset.value;
  });
  return (
    <>
      <input
        id="preset-filter"
        aria-label="Preset"
        placeholder="Any preset"
        list="presets-seen"
        value={text.value}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value;
        }}
        onChange={({ currentTarget: { value } }) => filterBy({ preset: value.trim() || undefined })}
      />
      <datalist id="presets-seen">
        {presetsSeen.value.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

// An option's value is the tenant behind a letter, because the tenant that is empty is not the choice of all.
const Tenant = () => (
  <select
    id="tenant"
    aria-label="Tenant"
    value={filters.value.tenant === undefined ? "" : `=${filters.value.tenant}`}
    onChange={({ currentTarget: { value } }) => filterBy({ tenant: value ? value.slice(1) : undefined })}
  >
    <option value="">All tenants</option>
    {tenantsSeen.value.map((name) => (
      <option key={name} value={`=${name}`}>
        {name || "No tenant"}
      </option>
    ))}
  </select>
);
