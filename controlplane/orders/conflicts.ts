import { aimConflict } from "#shared/job/quality-target.ts";
import { issueAt } from "#shared/schemas.ts";
import { type Check, issuesIn, joinedConflicts, sourceConflicts } from "./source-conflicts.ts";

/** An order as a client posted it, whose fields may be wrong each for itself. */
type Posted = Partial<Record<string, unknown>>;

/** What is wrong with the fields of a posted order beside each other, however wrong each may be by itself. */
export const conflictsIn = (posted: unknown) => issuesIn(posted, checks);

const isProgressive = ({ output }: Posted) => Object(output).publish === "progressive";

const checks: readonly Check[] = [
  ...sourceConflicts,
  ...joinedConflicts,
  ({ callback_events, callback_url }) =>
    Array.isArray(callback_events) && callback_events.length > 0 && callback_url === undefined
      ? issueAt("needs a callback_url to tell", "callback_events")
      : undefined,
  ({ workers, ...posted }) =>
    workers !== undefined && workers !== 1 && isProgressive(posted)
      ? issueAt("cannot share what is shown while it grows: leave output.publish out", "workers")
      : undefined,
  ({ measure, ...posted }) =>
    measure !== undefined && isProgressive(posted)
      ? issueAt("needs the whole output before it is shown: leave output.publish out", "measure")
      : undefined,
  ({ quality, params }) => {
    const problem = quality === undefined ? undefined : aimConflict(Object(params));
    return problem === undefined ? undefined : issueAt(problem, "quality");
  },
];
