import type { EventJson } from "#shared/job/event.ts";
import { isFinal, type JobStatus } from "#shared/job/status.ts";
import type { Rig } from "./rig.ts";
import type { Watched } from "./watcher.ts";

/** What is wrong with the events that a watcher got. */
export function transitionProblems(rig: Rig, jobId: string, { events, breaks }: Watched): string[] {
  const problems: string[] = [];
  const said = () => events.map(({ sequence, status }) => `${sequence} ${status}`).join(", ");
  // Events of an order that waits have the number 0.
  const isGrowing = events.every(
    ({ sequence }, n) => n === 0 || sequence === 0 || sequence > (events[n - 1]?.sequence ?? 0),
  );
  if (!isGrowing) problems.push(`its numbers do not grow: ${said()}`);
  if (events.some(({ status }, n) => isFinal(status) && n < events.length - 1))
    problems.push(`it ended twice: ${said()}`);

  const steps = events.filter((event, n) => n === 0 || isOther(event, events[n - 1]));
  for (const [n, step] of steps.entries()) {
    const before = steps[n - 1];
    if (before && step.attempt === before.attempt && rank(step.status) < rank(before.status))
      problems.push(`it went back: ${said()}`);
  }
  // What only a worker's memory held went with it; and a watcher that comes back when all is over may be answered
  // from the job's record, which holds the last event alone.
  const isFromRecord = events.length === 1 || breaks.includes(events.length - 1);
  if (events.at(-1)?.status === "completed" && !isFromRecord && !mayBeForgotten(rig, jobId, events)) {
    const told = steps.map(({ status }) => status).join();
    if (told !== "queued,processing,uploading,completed") problems.push(`transitions are missing: ${said()}`);
  }
  return problems;
}

const isOther = (a: EventJson, b: EventJson | undefined) => a.status !== b?.status || a.attempt !== b?.attempt;

const ranks: Record<JobStatus, number> = {
  queued: 0,
  processing: 1,
  uploading: 2,
  completed: 3,
  failed: 3,
  cancelled: 3,
};
const rank = (status: JobStatus) => ranks[status];

function mayBeForgotten({ workers }: Rig, jobId: string, events: readonly EventJson[]) {
  const from = Date.parse(events[0]?.timestamp ?? "") - 1_000;
  return (
    workers.some(({ deaths, linesOf }) => deaths.some((at) => at >= from) && linesOf(jobId).length > 0) ||
    events.some(({ attempt }) => attempt > 1)
  );
}
