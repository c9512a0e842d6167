import { useEffect, useRef } from "preact/hooks";
import { Charts } from "./pages/charts.tsx";
import { JobPage } from "./pages/job.tsx";
import { Jobs } from "./pages/jobs.tsx";
import { NewJob } from "./pages/new-job.tsx";
import { SignIn } from "./pages/sign-in.tsx";
import { Workers } from "./pages/workers.tsx";
import { Announcements } from "./parts/announce.tsx";
import { sample } from "./state/history.ts";
import { forgetJobs, lacking, listPauseMs, readJobs } from "./state/jobs.ts";
import { poll } from "./state/poll.ts";
import { type Route, route } from "./state/route.ts";
import { apiKey, isLost, needsKey, signOut } from "./state/session.ts";
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
    poll(async (signal) => {
      await readJobs(signal);
      sample(Date.now());
    }, listPauseMs),
    poll(readWorkers, () => 5_000),
    forgetJobs,
  ];
  return () => {
    for (const end of ends) end();
  };
}

const skip = () => document.getElementById("main")?.focus();

function Header({ page }: { page: Route["page"] }) {
  const link = (to: Route["page"], href: string) => (
    <a href={href} aria-current={page === to ? "page" : to === "jobs" && page === "job"}>
      {titles[to]}
    </a>
  );
  return (
    <header>
      <a class="brand" href="#/">
        <span aria-hidden="true">F</span>
        <b>flux</b>
      </a>
      <nav aria-label="Main">
        {link("jobs", "#/")}
        {link("workers", "#/workers")}
        {link("charts", "#/charts")}
        <a href="/docs">API</a>
      </nav>
      <a class="button primary" href="#/new">
        New job
      </a>
      {apiKey.value && (
        <button type="button" class="quiet" onClick={signOut}>
          Sign out
        </button>
      )}
    </header>
  );
}

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
