import { Fault } from "#shared/fault.ts";
import type { Job } from "#worker/job/job.ts";

/** Expires a job when `timeoutMs` of its order has passed, unless it is disposed of before. Without one it does nothing. */
export function startDeadline({ order: { timeoutMs }, expire }: Pick<Job, "order" | "expire">): Disposable {
  const timer = timeoutMs ? setTimeout(() => expire(timedOut(timeoutMs)), timeoutMs) : undefined;
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

const timedOut = (timeoutMs: number) => new Fault("timeout", `the job did not end within ${timeoutMs / 1_000} s`);
