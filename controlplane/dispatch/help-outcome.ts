/**
 * How the help of a worker with a piece has ended. `done`: it is encoded. `unneeded`: another was first. `busy`: the worker
 * has no room. `unfit`: it cannot help with this job. `failed`: it tried, or does not answer. `closed`: it was no longer
 * wanted.
 */
export type HelpOutcome = "done" | "unneeded" | "busy" | "unfit" | "failed" | "closed";
