import type { JobEvent } from "#client/client.ts";

const shown = 60;

/** The latest events of a job, the newest first. */
export const EventLog = ({ events }: { events: readonly JobEvent[] }) => (
  <section class="card">
    <h2>Events</h2>
    <ol class="events">
      {events
        .slice(-shown)
        .reverse()
        .map((event) => (
          <li key={event.sequence}>
            <time dateTime={event.timestamp}>{timeOfDay(event.timestamp)}</time>
            <span class={`dot ${event.status}`} />
            <span>{event.error?.message.split("\n", 1)[0] ?? event.message ?? event.status}</span>
          </li>
        ))}
    </ol>
  </section>
);

const timeOfDay = (timestamp: string) => new Date(timestamp).toLocaleTimeString(undefined, { hour12: false });
