import { showProgress } from "#cli/progress.ts";
import type { Client } from "#client/client.ts";
import { Fault } from "#shared/fault.ts";
import type { EventJson } from "#shared/job/event.ts";

/** Shows a job to its end; returns the final event of a completed one and throws what else became of it. */
export async function follow(api: Client, jobId: string, signal: AbortSignal): Promise<EventJson> {
  const progress = showProgress(process.stdout);
  let last: EventJson | undefined;
  try {
    for await (const event of api.watch(jobId, { signal })) {
      progress.show(event);
      last = event;
    }
  } finally {
    progress.end();
  }
  if (last?.status === "completed") return last;
  throw new Fault(last?.error?.kind ?? "internal", last?.error?.message ?? "the job ended without an outcome");
}
