import type { JobEvent } from "#shared/job/event.ts";
import { follow } from "#shared/job/feed.ts";
import { isFinal } from "#shared/job/status.ts";
import type { View } from "./hub.ts";

/** Waits for the final event of a job; undefined when the signal aborts before it. */
export async function finalEvent(view: View, signal: AbortSignal): Promise<JobEvent | undefined> {
  for await (const event of follow(view.join, 0, signal)) {
    if (isFinal(event.status)) return event;
  }
  return undefined;
}
