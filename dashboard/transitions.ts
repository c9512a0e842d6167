import type { JobEvent } from "#client/client.ts";

/** What a job did for a while: its events from the first to the latest, which are the same but for numbers. */
export type Transition = { first: JobEvent; last: JobEvent };

/**
 * The events that tell where a job went, of all: the first and the latest of each run that is the same but for numbers. So
 * a day of progress needs no more room than a minute.
 */
export function withEvent(events: readonly JobEvent[], event: JobEvent): readonly JobEvent[] {
  const [before, last] = events.slice(-2);
  const goesOn = before && last && isSame(before, last) && isSame(last, event);
  return [...(goesOn ? events.slice(0, -1) : events), event];
}

/** The steps that events tell of, in their order. */
export function transitionsOf(events: readonly JobEvent[]): Transition[] {
  const transitions: Transition[] = [];
  for (const event of events) {
    const latest = transitions.at(-1);
    if (latest && isSame(latest.last, event)) latest.last = event;
    else transitions.push({ first: event, last: event });
  }
  return transitions;
}

/** What an event tells without the numbers in it, as in `Encoding frame`. */
export const wordsOf = ({ message = "" }: JobEvent) => message.split(/[:\d]/, 1)[0]?.trim() ?? "";

const isSame = (a: JobEvent, b: JobEvent) =>
  a.attempt === b.attempt && a.status === b.status && wordsOf(a) === wordsOf(b);
