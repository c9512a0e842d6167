import { useEffect, useRef } from "preact/hooks";
import { Charts } from "./pages/charts.tsx";
import { JobPage } from "./pages/job.tsx";
import { Jobs } from "./pages/jobs.tsx";
import { NewJob } from "./pages/new-job.tsx";
import { SignIn } from "./pages/sign-in.tsx";
import { Workers } from "./pages/workers.tsx";
import { Announcements } from "./parts/announce.tsx";
import { Header } from "./parts/header.tsx";
import { filters } from "./state/filters.ts";
import { forgetJobs, lacking, listedFor, listPauseMs, readJobs } from "./state/jobs.ts";
import { poll } from "./state/poll.ts";
import { type Route, route } from "./state/route.ts";
import { apiKey, isLost, needsKey } from "./state/session.ts";
import { readWorkers } from "./state/workers.ts";

const titles = { jobs: "Jobs", job: "Job", new: "New job", workers: "Workers", charts: "Charts" } as const;

export function App() {
  if (needsKey.value) return <SignIn />;
  return <Shell key={apiKey.value} />;
}

function Shell() {
  useEffect(readWhileShown, []);
  const { page, jobId } = route.value;
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        Skip to content
      </button>
      <Header page={page} />
      {isLost.value && (
        <p class="lost" role="alert">
          No connection to the service. Trying again…
        </p>
      )}
      {lacking.value.map((words) => (
        <p key={words} class="lost" role="alert">
          Not all jobs can be shown. {words}
        </p>
      ))}
      <Main key={page + jobId} route={route.value} />
      <Announcements />
    </>
  );
}

/** Polls jobs and workers on every page: the list of jobs also tells whether the service answers. */
function readWhileShown() {
  const ends = [
    poll(readJobs, listPauseMs),
    poll(readWorkers, () => 5_000),
    // The first read is the poll's.
    filters.subscribe(() => {
      if (listedFor.peek()) readJobs().catch(() => {});
    }),
    forgetJobs,
  ];
  return () => {
    for (const end of ends) end();
  };
}

const skip = () => document.getElementById("main")?.focus();

let isFirst = true;

/** A page. When it opens, it takes the focus of keyboards and screen readers. */
function Main({ route: { page, jobId } }: { route: Route }) {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${titles[page]} · flux-encoder`;
    scrollTo(0, 0);
    if (!isFirst) main.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return (
    <main id="main" tabIndex={-1} ref={main}>
      {page === "jobs" && <Jobs />}
      {page === "job" && <JobPage jobId={jobId} />}
      {page === "new" && <NewJob />}
      {page === "workers" && <Workers />}
      {page === "charts" && <Charts />}
    </main>
  );
}
