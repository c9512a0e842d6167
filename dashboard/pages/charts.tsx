import { useEffect } from "preact/hooks";
import {
  costOf,
  groupsOf,
  inParts,
  minutesOf,
  others,
  partsOf,
  type Range,
  ranges,
  successOf,
  waitAt,
} from "../ended-jobs.ts";
import { amount, span } from "../format.ts";
import { Chart } from "../parts/chart.tsx";
import { type Group, GroupTable } from "../parts/group-table.tsx";
import type { Series } from "../shapes.ts";
import { type Ended, ended, readEnded } from "../state/ended.ts";
import { pageHref, route } from "../state/route.ts";
import { addressOf, ofNoWorker } from "../state/workers.ts";

const ways = ["preset", "tenant", "worker"] as const;
const isRange = (text = ""): text is Range => Object.hasOwn(ranges, text);

export function Charts() {
  const { range: asked, by: askedBy } = route.value.query;
  const range = isRange(asked) ? asked : "24h";
  const by = ways.find((way) => way === askedBy);
  useEffect(() => {
    const leaving = new AbortController();
    void readEnded(range, leaving.signal);
    return () => leaving.abort();
  }, [range]);
  const href = (change: { range?: Range; by?: string | undefined }) => pageHref("charts", { range, by, ...change });
  const known = ended.value;
  return (
    <>
      <div class="bar-of-page">
        <h1>Charts</h1>
        <nav class="states" aria-label="Split by">
          {[undefined, ...ways].map((way) => (
            <a key={way} href={href({ by: way })} aria-current={by === way && "true"}>
              {way ? `by ${way}` : "all"}
            </a>
          ))}
        </nav>
        <nav class="states" aria-label="Range">
          {Object.entries(ranges).map(([name, { title }]) => (
            <a key={name} href={isRange(name) ? href({ range: name }) : ""} aria-current={range === name && "true"}>
              {title}
            </a>
          ))}
        </nav>
      </div>
      {known?.range === range ? <All known={known} by={by} /> : <p class="empty">Loading…</p>}
    </>
  );
}

function All({ known, by }: { known: Ended; by: (typeof ways)[number] | undefined }) {
  const { range, jobs, now } = known;
  const parts = partsOf(range, now);
  const names = parts.map((part) => nameOfPart(part, range));
  const groups: Group[] = by
    ? groupsOf(jobs, by).map(([name, jobs], index) => ({ label: labelOf(name, by), colour: `c${index}`, jobs }))
    : [{ label: "all", colour: "c0", jobs }];
  const inTime = inParts(jobs, parts);
  const drawn = groups.map(({ jobs, ...group }) => ({ ...group, inTime: inParts(jobs, parts) }));
  const each = (value: (jobs: Group["jobs"]) => number | undefined): Series[] =>
    drawn.map(({ inTime, ...group }) => ({ ...group, values: inTime.map(value) }));
  const byOutcome = (["completed", "failed", "cancelled"] as const).map((outcome) => ({
    label: outcome,
    colour: outcome,
    values: inTime.map((jobs) => jobs.filter(({ status }) => status === outcome).length),
  }));
  const success = successOf(jobs);
  const cost = costOf(jobs);
  return (
    <>
      <p class="hint" role="status">
        {coverage(known)}
      </p>
      <div class="charts">
        <Chart
          title="Success"
          figure={success === undefined ? "–" : percent(success)}
          note="completed, of those that completed or failed"
          parts={names}
          series={each(successOf)}
          shape="lines"
          top={100}
          write={percent}
        />
        <Chart
          title="Jobs ended"
          figure={String(jobs.length)}
          note={by ? `by ${by}` : "by outcome"}
          parts={names}
          series={by ? each((jobs) => jobs.length) : byOutcome}
          shape="columns"
        />
        <Chart
          title="Video encoded"
          figure={`${amount(minutesOf(jobs))} min`}
          note="length of the outputs"
          parts={names}
          series={each(minutesOf)}
          shape="columns"
          write={(value) => `${amount(value)} min`}
        />
        <Chart
          title="Wait for a worker"
          figure={inSpan(waitAt(jobs, 0.5))}
          note={`median; 95 of 100 waited at most ${inSpan(waitAt(jobs, 0.95))}`}
          parts={names}
          series={by ? each((jobs) => waitAt(jobs, 0.5)) : waits(inTime)}
          shape="lines"
          write={inSpan}
        />
        <Chart
          title="Cost"
          figure={cost === undefined ? "–" : amount(cost)}
          note={cost === undefined ? "Set PRICE_PER_WORKER_HOUR to see it" : "in the currency of PRICE_PER_WORKER_HOUR"}
          parts={names}
          series={each(costOf)}
          shape="columns"
          write={amount}
        />
        {by && <GroupTable by={by} groups={groups} />}
      </div>
    </>
  );
}

const waits = (parts: readonly Group["jobs"][]): Series[] => [
  { label: "median", colour: "c0", values: parts.map((jobs) => waitAt(jobs, 0.5)) },
  { label: "95 of 100", colour: "c3", values: parts.map((jobs) => waitAt(jobs, 0.95)) },
];

function labelOf(name: string, by: (typeof ways)[number]) {
  if (name === others) return "others";
  if (by === "worker") return name === ofNoWorker ? "waited first" : addressOf(name);
  return name || (by === "tenant" ? "no tenant" : "unknown");
}

function coverage({ seen, state, problem, jobs, range }: Ended) {
  const title = ranges[range].title;
  const missing = problem && ` What is missing: ${problem}`;
  if (state === "reading") return `Reading the records of the last ${title}: ${seen} so far…${missing}`;
  if (state === "failed") return `Not all records could be read. ${problem}`;
  if (state === "whole")
    return `All ${jobs.length} jobs of the last ${title} that have ended, by their records. Times are UTC.${missing}`;
  const oldest = new Date(Math.min(...jobs.map(({ at }) => at)));
  return `Only the latest ${seen} jobs of the last ${title}, back to ${nameOfPart(oldest.getTime(), "24h")} (UTC).${missing}`;
}

const nameOfPart = (ms: number, range: Range) =>
  new Date(ms).toLocaleString(undefined, {
    ...{ timeZone: "UTC", day: "numeric", month: "short" },
    ...(range !== "30d" && ({ hour: "2-digit", minute: "2-digit", hour12: false } as const)),
  });

const percent = (value: number) => `${value.toFixed(value === 100 || value === 0 ? 0 : 1)} %`;
const inSpan = (seconds: number | undefined) => (seconds === undefined ? "–" : span(seconds * 1_000));
