import type { JobEvent } from "#client/client.ts";
import { span } from "../format.ts";
import { type Transition, transitionsOf, wordsOf } from "../transitions.ts";

/** What a job did, step by step, the latest first. */
export const EventLog = ({ events }: { events: readonly JobEvent[] }) => {
  const transitions = transitionsOf(events);
  return (
    <section class="card">
      <h2>Events</h2>
      <ol class="events">
        {transitions
          .map((transition, index) => (
            <Step key={transition.first.sequence} of={transition} next={transitions[index + 1]} />
          ))
          .reverse()}
      </ol>
    </section>
  );
};

const Step = ({ of: { first, last }, next }: { of: Transition; next: Transition | undefined }) => {
  const ended = next?.first.timestamp ?? last.timestamp;
  const lasted = Date.parse(ended) - Date.parse(first.timestamp);
  return (
    <li class={last.status}>
      <time dateTime={first.timestamp}>{timeOfDay(first.timestamp)}</time>
      <span class={`dot ${last.status}`} />
      <span>
        {last.error?.message.split("\n", 1)[0] || (next ? doingOf(last) : last.message) || last.status}
        {last.attempt > 1 && <small> · attempt {last.attempt}</small>}
      </span>
      <small>{lasted > 0 && span(lasted)}</small>
    </li>
  );
};

/** What was done, without the frame or file that it was done with last. */
const doingOf = (event: JobEvent) => wordsOf(event).replace(/ (frame|file)$/, "");

const timeOfDay = (timestamp: string) => new Date(timestamp).toLocaleTimeString(undefined, { hour12: false });
