import { type JobDeps, jobHandlers } from "./handlers/jobs.ts";
import { type ListDeps, listHandlers } from "./handlers/lists.ts";
import type { Methods } from "./handlers/methods.ts";
import { type StatusDeps, statusHandlers } from "./handlers/status.ts";
import { type SubmissionDeps, submissionHandlers } from "./handlers/submission.ts";

/** What answers the calls of control planes. */
export const workerService = (deps: SubmissionDeps & JobDeps & ListDeps & StatusDeps): Methods => ({
  ...submissionHandlers(deps),
  ...jobHandlers(deps),
  ...listHandlers(deps),
  ...statusHandlers(deps),
});
