import { joinedSoundProblem } from "#shared/job/sound-order.ts";
import { issueAt } from "#shared/schemas.ts";

type Posted = Partial<Record<string, unknown>>;
type Issue = ReturnType<typeof issueAt>;
export type Check = (posted: Posted) => Issue | undefined;

/** What these find wrong with the fields of a posted order beside each other, however wrong each may be by itself. */
export const issuesIn = (posted: unknown, checks: readonly Check[]): Issue[] =>
  checks.flatMap((check) => check(Object(posted)) ?? []);

/** Of the fields that say what an order's source is, or its sources. */
export const sourceConflicts: readonly Check[] = [
  ({ input_url, inputs }) =>
    input_url === undefined && inputs === undefined
      ? issueAt("name the source, or by inputs several that are joined to one film", "input_url")
      : undefined,
  ({ input_url, inputs }) =>
    input_url !== undefined && inputs !== undefined
      ? issueAt("cannot stand beside input_url: leave one of both out", "inputs")
      : undefined,
  ({ inputs, clip }) =>
    inputs !== undefined && clip !== undefined
      ? issueAt("is of one source: say it inside of inputs, of each for itself", "clip")
      : undefined,
  ({ inputs, audio }) => {
    const problem = inputs === undefined ? undefined : joinedSoundProblem(Object(audio));
    return problem && issueAt(problem.message, `audio.${problem.field}`);
  },
];

/** The same of what only jobs are asked for. */
export const joinedConflicts: readonly Check[] = [
  ({ inputs, workers }) =>
    inputs !== undefined && workers !== undefined && workers !== 1
      ? issueAt("a film of several inputs is encoded by one worker: leave it out", "workers")
      : undefined,
];
