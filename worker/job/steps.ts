/** The steps of a job, in their order; `upload` and `publish` are run once for each file. */
export const steps = [
  "source",
  "probe",
  "plan",
  "encode",
  "upload",
  "verify",
  "stage",
  "commit",
  "publish",
  "record",
  "notify",
] as const;

export type StepName = (typeof steps)[number];

/** Runs one step. A crash right before or right after any step loses nothing: tests kill the worker there. */
export type Step = <T>(name: StepName, work: () => T | Promise<T>) => Promise<T>;

export const plainStep: Step = async (_name, work) => work();
