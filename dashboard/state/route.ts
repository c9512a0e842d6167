import { computed, signal } from "@preact/signals";

const hash = signal(location.hash);
addEventListener("hashchange", () => {
  hash.value = location.hash;
});

export type Route = {
  /** Which page is shown. */
  page: "jobs" | "job" | "new" | "workers" | "charts";
  /** Empty unless the page is that of a job. */
  jobId: string;
};

/** The page that the fragment of the address names: `#/jobs/<id>`, `#/new`, ... */
export const route = computed(() => parseRoute(hash.value));

function parseRoute(text: string): Route {
  const [, page = "", jobId = ""] = text.split("/");
  if (page === "jobs" && jobId) return { page: "job", jobId: decodeURIComponent(jobId) };
  if (page === "new" || page === "workers" || page === "charts") return { page, jobId: "" };
  return { page: "jobs", jobId: "" };
}

export const jobHref = (jobId: string) => `#/jobs/${encodeURIComponent(jobId)}`;
