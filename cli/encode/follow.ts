import type { Outcome } from "#cli/progress.ts";
import type { Client, JobEvent } from "#client/client.ts";
import { Fault } from "#shared/fault.ts";
import { isFinal } from "#shared/job/status.ts";

export type Follow = {
  /** Ends the following, not the job. */
  signal?: AbortSignal;
  /** Gets each event. */
  show(event: JobEvent): void;
};

/** Shows a job's events to the final one, which is returned. */
export async function finalEvent(api: Client, jobId: string, { signal, show }: Follow): Promise<JobEvent> {
  for await (const event of api.watch(jobId, { signal })) {
    show(event);
    if (isFinal(event.status)) return event;
  }
  throw new Fault("internal", "the job ended without an outcome");
}

/** What a completed job leaves; throws what else became of one. */
export function completed(outcome: Outcome): Outcome {
  if (outcome.status === "completed" || outcome.status === "skipped") return outcome;
  const { kind = "internal", message = `the job ${outcome.status}` } = outcome.error ?? {};
  throw new Fault(kind, message);
}
