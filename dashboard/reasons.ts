import type { JobEvent } from "#client/client.ts";

type Kind = NonNullable<JobEvent["error"]>["kind"];

/** What each kind of fault means and what may help, for people who did not write the service. */
export const reasons: Record<Kind, string> = {
  invalid: "The order could not be used as it was.",
  unauthenticated: "The worker did not accept the control plane. Compare WORKER_TOKEN on both sides.",
  forbidden: "This was not allowed.",
  not_found: "Something the job needs is not there.",
  conflict: "Another output is already at this destination. Choose another path, or allow overwriting.",
  too_large: "The source is larger than this service accepts.",
  rate_limited: "Too many requests at once. Try again in a while.",
  busy: "No worker had room. Try again in a while.",
  unreachable: "No worker could be reached. Is its machine running?",
  timeout: "The job took longer than it was allowed to. A faster preset or a longer JOB_TIMEOUT helps.",
  source_failed: "The source could not be fetched, or is not a video that can be read. Check that its URL opens.",
  encode_failed: "The encoder could not finish. The source may be damaged; what it said last is below.",
  delivery_failed: "The output was encoded, but the storage did not take it. Running it again only delivers.",
  worker_lost: "The machine that ran this job is gone and left nothing behind. Run it again.",
  cancelled: "Someone cancelled this job. Nothing of it was kept.",
  internal: "Something unexpected happened. The service's log has the cause.",
};
