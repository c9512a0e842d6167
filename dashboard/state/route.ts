import { computed, signal } from "@preact/signals";

const hash = signal(location.hash);

/** Takes the address over. The browser tells of a change in a later task only, and until then the former one counts. */
export const readAddress = () => {
  hash.value = location.hash;
};
addEventListener("hashchange", readAddress);

export type Route = {
  /** Which page is shown. */
  page: "jobs" | "job" | "new" | "workers" | "charts";
  /** Empty unless the page is that of a job. */
  jobId: string;
  /** What stands behind the question mark, by name. */
  query: Readonly<Record<string, string>>;
};

/** The page that the fragment of the address names: `#/jobs/<id>`, `#/new`, `#/?status=failed`, ... */
export const route = computed(() => parseRoute(hash.value));

function parseRoute(text: string): Route {
  const [path = "", search = ""] = text.split("?", 2);
  const [, page = "", jobId = ""] = path.split("/");
  const query = Object.fromEntries(new URLSearchParams(search));
  if (page === "jobs" && jobId) return { page: "job", jobId: decodeURIComponent(jobId), query };
  if (page === "new" || page === "workers" || page === "charts") return { page, jobId: "", query };
  return { page: "jobs", jobId: "", query };
}

export const jobHref = (jobId: string) => `/#/jobs/${encodeURIComponent(jobId)}`;

/** The address of a page with a query; names without a value are left out. */
export function pageHref(page: "" | "new" | "charts", query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return `/#/${page}${given.length > 0 ? `?${new URLSearchParams(given)}` : ""}`;
}

/** Opens an address in place of the one that is shown, which the way back then passes over. */
export function replaceWith(href: string) {
  location.replace(href);
  readAddress();
}
