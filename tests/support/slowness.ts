import { availableParallelism, loadavg } from "node:os";

/** How many times longer than on an idle machine things take here and now, by how many processes share a core. */
export const slowness = () => Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());

/** A setting of so many milliseconds, or as many more as this machine needs for the same. */
export const atLeast = (ms: number) => `${Math.ceil(ms * slowness())}ms`;
