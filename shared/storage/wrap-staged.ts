import type { Staged } from "./storage.ts";

/** The same upload, each step of which is run by `around`. */
export const wrapStaged = (
  { remember, publish, check, discard }: Staged,
  around: <T>(step: () => Promise<T>) => Promise<T>,
): Staged => ({
  ...(remember && { remember: (signal) => around(() => remember(signal)) }),
  publish: (signal) => around(() => publish(signal)),
  ...(check && { check: (signal) => around(() => check(signal)) }),
  discard: () => around(discard),
});
