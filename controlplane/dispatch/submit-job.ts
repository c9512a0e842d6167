import { JobFault } from "#controlplane/orders/job-fault.ts";
import type { AcceptedJob } from "#controlplane/watch/hub.ts";
import { callTo } from "#controlplane/workers/call-span.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { JobProgress } from "#proto/worker/v1/worker_pb.js";
import { retry } from "#shared/async/retry.ts";
import { Fault, toFault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import type { Trace } from "#shared/tracing/trace.ts";
import { logRefusal, type Refusal, refusalIn } from "./refusals.ts";

/** What submitting a job to a worker needs. */
export type SubmitJob = {
  /** How long a worker may take to accept the job. */
  startupTimeoutMs: number;
  trace: Trace;
  log: Log;
};

/**
 * Submits until the worker accepts or refuses. After a failure in between, the same job id joins the job in case it was
 * accepted. Throws a `JobFault` when the worker may have it, and what is wrong with the order at any worker.
 */
export async function submitJob(
  link: Link,
  request: JobRequestInit & { jobId: string },
  { startupTimeoutMs, trace, log }: SubmitJob,
): Promise<AcceptedJob | Refusal> {
  const { jobId } = request;
  const over = AbortSignal.timeout(startupTimeoutMs);
  const about = { kind: "client", attributes: callTo(link, method) } as const;
  const mayRepeat = Boolean(request.idempotencyKey);
  let mayHaveIt = false;
  const attempt = async () => {
    try {
      const events = await trace.span(method, about, () => begun(link, request, over));
      return { jobId, link, events };
    } catch (error) {
      logRefusal(log, error, { worker: link.address, job_id: jobId }, "a worker did not take the job");
      const refusal = refusalIn(toFault(error), mayHaveIt);
      if (refusal) return refusal;
      mayHaveIt = true;
      throw new JobFault(jobId, "unreachable", "the worker stopped answering; it may still run the job", { mayRepeat });
    }
  };
  return await retry(attempt, {
    firstPauseMs: 100,
    longestPauseMs: 1_000,
    signal: over,
    isRetryable: (error) => error instanceof JobFault,
  });
}

const method = "worker.v1.WorkerService/SubmitJob";

/** Submits the job and waits for its first event, which means that it was accepted. */
async function begun(link: Link, request: JobRequestInit & { jobId: string }, over: AbortSignal) {
  const ended = new AbortController();
  const giveUp = () => ended.abort(new Fault("unreachable", "the worker did not accept the job in time"));
  over.addEventListener("abort", giveUp, { once: true });
  const events = link.follow((calls, signal) => calls.submitJob(request, { signal }), ended.signal);
  const first = await events.next().finally(() => over.removeEventListener("abort", giveUp));
  if (first.done) throw new Fault("unreachable", "the worker said nothing");
  return startingWith(first.value, events);
}

async function* startingWith(first: JobProgress, rest: AsyncGenerator<JobProgress, void>) {
  yield first;
  yield* rest;
}
