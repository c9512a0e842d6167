const next = {
  queued: ["processing", "failed", "cancelled"],
  processing: ["uploading", "failed", "cancelled"],
  uploading: ["completed", "failed", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;

export type JobStatus = keyof typeof next;

export const jobStatuses = [
  "queued",
  "processing",
  "uploading",
  "completed",
  "failed",
  "cancelled",
] as const satisfies readonly JobStatus[];

/** The states among these names, each once. */
export const statusesAmong = (names: readonly string[]): JobStatus[] =>
  jobStatuses.filter((status) => names.includes(status));

export const isFinal = (status: JobStatus) => next[status].length === 0;

/** Within an attempt a status may repeat (progress does), but never moves backwards or leaves a final state. */
export function canFollow(from: JobStatus, to: JobStatus): boolean {
  if (from === to) return !isFinal(from);
  const allowed: readonly JobStatus[] = next[from];
  return allowed.includes(to);
}
