import { useEffect } from "preact/hooks";
import { Counters } from "../parts/counters.tsx";
import { JobFilters } from "../parts/job-filters.tsx";
import { JobRow } from "../parts/job-row.tsx";
import { SelectedJobs } from "../parts/selected-jobs.tsx";
import { readCounts } from "../state/counts.ts";
import { filters, listHref } from "../state/filters.ts";
import { hasMore, lacking, listed, listedFor, readJobs, showMore } from "../state/jobs.ts";
import { poll } from "../state/poll.ts";
import { selectAll, selected } from "../state/selection.ts";

const countPauseMs = 10_000;

export function Jobs() {
  const isLoaded = listedFor.value !== undefined;
  // The list goes first, and finds out whether a key is asked for.
  useEffect(() => (isLoaded ? poll(readCounts, () => countPauseMs) : undefined), [isLoaded]);
  return (
    <>
      <h1>Jobs</h1>
      <Counters />
      <JobFilters />
      <List />
      <SelectedJobs />
    </>
  );
}

function List() {
  if (!listedFor.value) return <Loading />;
  const isBusy = listedFor.value !== filters.value;
  if (listed.value.length === 0 && !isBusy) return <Nothing />;
  return (
    <>
      <div class={isBusy ? "table busy" : "table"}>
        <div class="head-of-jobs">
          <input
            type="checkbox"
            aria-label="Select all jobs of the list"
            checked={selected.value.size > 0 && selected.value.size === listed.value.length}
            onChange={({ currentTarget }) => selectAll(currentTarget.checked)}
          />
          <span>Source</span>
          <span>State</span>
          <span>Length</span>
          <span>Size</span>
          <span>Age</span>
        </div>
        <ul class="jobs">
          {listed.value.map((jobId) => (
            <JobRow key={jobId} jobId={jobId} />
          ))}
        </ul>
      </div>
      {hasMore.value && <More words="Show older jobs" />}
    </>
  );
}

const Loading = () => (
  <div class="table" aria-busy="true">
    <p class="unseen">Loading…</p>
    {[1, 2, 3, 4, 5, 6].map((row) => (
      <span key={row} class="ghost" />
    ))}
  </div>
);

function Nothing() {
  const { source, ...others } = filters.value;
  const isFiltered = source !== undefined || Object.keys(others).length > 0;
  if (!isFiltered) return lacking.value.length > 0 ? <Empty title="No job can be shown." /> : <First />;
  const title = source === undefined ? "No job fits." : `No job fits: none has “${source}” in its source's name.`;
  return (
    <Empty title={title}>
      {hasMore.value && <p>Not all jobs were looked through.</p>}
      <div class="choices">
        {hasMore.value && <More words="Look further back" />}
        {source !== undefined && (
          <a class="button" href={listHref({ source: undefined })}>
            Clear the search
          </a>
        )}
        {Object.keys(others).length > 0 && (
          <a class="button" href="/#/">
            Show all jobs
          </a>
        )}
      </div>
    </Empty>
  );
}

const First = () => (
  <Empty title="There is no job yet.">
    <p>Give it the address of a video, and it appears here with its progress, its cost and what came of it.</p>
    <div class="choices">
      <a class="button primary" href="/#/new">
        Start one
      </a>
      <a class="button" href="/docs#submitJob">
        Or by the API
      </a>
    </div>
  </Empty>
);

const Empty = ({ title, children }: { title: string; children?: preact.ComponentChildren }) => (
  <div class="table empty">
    <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 5h16v14H4zM8 5v14M16 5v14M4 9.7h4M4 14.3h4M16 9.7h4M16 14.3h4" />
    </svg>
    <h2>{title}</h2>
    {children}
  </div>
);

const More = ({ words }: { words: string }) => (
  <button type="button" class="more" onClick={more}>
    {words}
  </button>
);

const more = () => {
  showMore();
  readJobs().catch(() => {});
};
