import { HttpFault } from "#controlplane/http/problem.ts";

/** How long a request waits for another one of the same upload to end. */
export const lockWaitMs = 30_000;

export const busyUpload = () =>
  new HttpFault(503, "another request of this upload has not ended yet; try again", { "Retry-After": "5" });
