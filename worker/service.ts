import { type JobTools, jobHandlers } from "./handlers/jobs.ts";
import { type ListTools, listHandlers } from "./handlers/lists.ts";
import type { Methods } from "./handlers/methods.ts";
import { type StatusTools, statusHandlers } from "./handlers/status.ts";
import { type SubmissionTools, submissionHandlers } from "./handlers/submission.ts";

/** What answers the calls of control planes. */
export const workerService = (tools: SubmissionTools & JobTools & ListTools & StatusTools): Methods => ({
  ...submissionHandlers(tools),
  ...jobHandlers(tools),
  ...listHandlers(tools),
  ...statusHandlers(tools),
});
