import { JobFilters } from "../parts/job-filters.tsx";
import { JobRow } from "../parts/job-row.tsx";
import { filters } from "../state/filters.ts";
import { found, hasMore, isLoaded, lacking, readJobs, search, showMore } from "../state/jobs.ts";

export const Jobs = () => (
  <>
    <div class="bar-of-page">
      <h1>Jobs</h1>
      <JobFilters />
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
  if (search.value || Object.keys(filters()).length > 0) return "No job fits.";
  return lacking.value.length > 0 ? "No job can be shown." : "There is no job yet.";
}

const more = () => {
  showMore();
  readJobs().catch(() => {});
};
