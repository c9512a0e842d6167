import { helpHandlers } from "./handlers/help-job.ts";
import { jobHandlers } from "./handlers/jobs.ts";
import { listHandlers } from "./handlers/lists.ts";
import type { Methods, ServiceDeps } from "./handlers/methods.ts";
import { planHandlers } from "./handlers/plan.ts";
import { recordTextHandlers } from "./handlers/record-texts.ts";
import { removalHandlers } from "./handlers/removal.ts";
import { statusHandlers } from "./handlers/status.ts";
import { submissionHandlers } from "./handlers/submission.ts";

/** What answers the calls of control planes. */
export const workerService = (deps: ServiceDeps): Methods => ({
  ...submissionHandlers(deps),
  ...jobHandlers(deps),
  ...listHandlers(deps),
  ...planHandlers(deps),
  ...helpHandlers(deps),
  ...recordTextHandlers(deps),
  ...removalHandlers(deps),
  ...statusHandlers(deps),
});
