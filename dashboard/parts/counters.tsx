import type { Count } from "../state/counts.ts";
import { counts, today } from "../state/counts.ts";
import { listHref } from "../state/filters.ts";
import { workers } from "../state/workers.ts";

/** How many jobs run, wait and failed today, and how many more could run; each leads to them. */
export function Counters() {
  const { running, waiting, failed } = counts.value ?? {};
  const slots = slotsOf();
  const only = { status: undefined, preset: undefined, tenant: undefined, source: undefined, since: undefined };
  return (
    <ul class="counters" aria-label="At a glance">
      <Counter title="Running" count={running} state="processing" href={listHref({ ...only, status: "processing" })} />
      <Counter title="Waiting" count={waiting} state="queued" href={listHref({ ...only, status: "queued" })} />
      <Counter
        title="Failed today"
        note="UTC"
        count={failed}
        state="failed"
        href={listHref({ ...only, status: "failed", since: today() })}
      />
      {slots && (
        <li>
          <a href="/#/workers">
            <span>
              Slots <small>{slots.awake === 1 ? "1 worker" : `${slots.awake} workers`}</small>
            </span>
            <b>
              {slots.used}
              <small> of {slots.all}</small>
            </b>
          </a>
        </li>
      )}
    </ul>
  );
}

type Props = { title: string; note?: string; count: Count | undefined; state: string; href: string };

const Counter = ({ title, note, count, state, href }: Props) => (
  <li>
    <a href={href}>
      <span>
        {title} {note && <small>{note}</small>}
      </span>
      <b class={count && count.jobs > 0 ? state : "none"}>{count ? `${count.jobs}${count.isMore ? "+" : ""}` : "–"}</b>
    </a>
  </li>
);

/** The slots of the workers that answer; undefined where they are hidden. */
function slotsOf() {
  const awake = (workers.value ?? []).flatMap((worker) => (worker.reachable ? [worker] : []));
  if (awake.length === 0) return undefined;
  return {
    awake: awake.length,
    used: awake.reduce((sum, { current_jobs }) => sum + current_jobs, 0),
    all: awake.reduce((sum, { max_concurrent_jobs }) => sum + max_concurrent_jobs, 0),
  };
}
