import { Fault } from "#shared/fault.ts";
import type { Trace } from "#shared/tracing/trace.ts";
import type { Job } from "./job.ts";
import type { Step } from "./steps.ts";

/** Surrounds what this process does for a job with a span of its order's trace; a job that runs again stays in its trace. */
export const jobSpan = (trace: Trace, { order, feed }: Job, run: () => Promise<unknown>) =>
  trace.span(
    "job",
    {
      kind: "consumer",
      parent: order.traceparent,
      attributes: { "flux.job.id": order.jobId, "flux.job.preset": order.preset },
    },
    async (span) => {
      await run();
      if (!feed.latest) return;
      const { attempt, status, error } = feed.latest;
      span?.set({ "flux.job.attempt": attempt, "flux.job.status": status });
      if (error) span?.fail(new Fault(error.kind, error.message));
    },
  );

/** Surrounds each step with a span, a child of its job's. */
export const stepSpans =
  (trace: Trace, step: Step): Step =>
  (name, work) =>
    trace.span(name, {}, () => step(name, work));
