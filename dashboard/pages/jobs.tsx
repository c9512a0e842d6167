import type { JobStatus } from "#client/client.ts";
import { JobRow } from "../parts/job-row.tsx";
import { found, hasMore, isLoaded, lacking, readJobs, search, showMore, statusFilter } from "../state/jobs.ts";

const statuses: readonly JobStatus[] = ["queued", "processing", "uploading", "completed", "failed", "cancelled"];

const isStatus = (text: string): text is JobStatus => statuses.some((status) => status === text);

export const Jobs = () => (
  <>
    <div class="bar-of-page">
      <h1>Jobs</h1>
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
            readJobs().catch(() => {});
          }}
        >
          <option value="">All states</option>
          {statuses.map((status) => (
            <option key={status} value={status}>
              {status}
            </option>
          ))}
        </select>
      </div>
    </div>
    <List />
  </>
);

function List() {
  if (!isLoaded.value) return <p class="empty">Loading…</p>;
  if (found.value.length === 0) return <Nothing />;
  return (
    <>
      <div class="columns-of-jobs" aria-hidden="true">
        <span>State</span>
        <span>Source</span>
        <span>Progress</span>
        <span>Speed</span>
        <span>Left</span>
        <span>Age</span>
      </div>
      <ul class="jobs">
        {found.value.map((jobId) => (
          <JobRow key={jobId} jobId={jobId} />
        ))}
      </ul>
      {hasMore.value && (
        <button type="button" class="more" onClick={more}>
          Show older jobs
        </button>
      )}
    </>
  );
}

const Nothing = () => (
  <div class="empty">
    <p>{emptyWords()}</p>
    <a class="button" href="#/new">
      Start one
    </a>
  </div>
);

function emptyWords() {
  if (search.value || statusFilter.value) return "No job fits.";
  return lacking.value.length > 0 ? "No job can be shown." : "There is no job yet.";
}

const more = () => {
  showMore();
  readJobs().catch(() => {});
};
