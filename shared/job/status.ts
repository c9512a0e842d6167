/** The states of a job in the order in which it passes through them; the last three are final. */
export const jobStatuses = ["queued", "processing", "uploading", "completed", "failed", "cancelled"] as const;

export type JobStatus = (typeof jobStatuses)[number];

/** The states among these names, each once. */
export const statusesAmong = (names: readonly string[]): JobStatus[] =>
  jobStatuses.filter((status) => names.includes(status));

const finalStatuses: readonly JobStatus[] = ["completed", "failed", "cancelled"];

/** Whether a job in this state has ended: no event follows. */
export const isFinal = (status: JobStatus) => finalStatuses.includes(status);
