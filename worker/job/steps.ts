/** The steps of a job, in their order; `piece` is run once for each piece, `upload` and `publish` for each file. */
export const steps = [
  "claim",
  "accept",
  "record-acceptance",
  "source",
  "probe",
  "aim",
  "plan",
  "encode",
  "piece",
  "sound",
  "join",
  "upload",
  "verify",
  "measure",
  "stage",
  "commit",
  "claim-end",
  "publish",
  "fix-event",
  "record",
  "notify",
] as const;

/** Those that only a job from a waiting room has; `claim-end` is within `commit` unless the job fails. */
export const queueSteps: readonly string[] = ["claim", "accept", "record-acceptance", "claim-end", "fix-event"];

/** Those that only a film has that is encoded in pieces; they are within `encode`. */
export const pieceSteps: readonly string[] = ["piece", "sound", "join"];

/** The steps of the removal of an ended job, in their order; the first is run once for each of its objects. */
export const removalSteps = ["remove-object", "remove-retained", "remove-record"] as const;

export type StepName = (typeof steps)[number] | (typeof removalSteps)[number];

/** Runs one step. A crash right before or right after any step loses nothing: tests kill the worker there. */
export type Step = <T>(name: StepName, work: () => T | Promise<T>) => Promise<T>;

export const plainStep: Step = async (_name, work) => work();
