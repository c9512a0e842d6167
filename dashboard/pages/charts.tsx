import { span } from "../format.ts";
import { Chart } from "../parts/chart.tsx";
import { endedJobs, outcomesByHour, samples, waitOf } from "../state/history.ts";
import { addressOf } from "../state/workers.ts";

export const Charts = () => (
  <>
    <div class="bar-of-page">
      <h1>Charts</h1>
      <p class="hint">Of the jobs in the list; speeds since this page was opened. /metrics has the rest.</p>
    </div>
    <div class="charts">
      <Outcomes />
      <Waits />
      <Speeds />
      <PerWorker />
    </div>
  </>
);

function Outcomes() {
  const hours = outcomesByHour(endedJobs());
  const sum = (name: "completed" | "failed" | "cancelled") => hours.reduce((total, hour) => total + hour[name], 0);
  const series = (["completed", "failed", "cancelled"] as const).map((outcome) => ({
    label: outcome,
    colour: outcome,
    values: hours.map((hour) => hour[outcome]),
  }));
  return (
    <Chart
      title="Jobs ended each hour"
      summary={`${sum("completed")} completed, ${sum("failed")} failed, ${sum("cancelled")} cancelled`}
      times={hours.map(({ hour }) => hour)}
      series={series}
      shape="columns"
    />
  );
}

function Waits() {
  const points = endedJobs()
    .flatMap((job) => {
      const wait = waitOf(job);
      return wait === undefined ? [] : [{ at: Date.parse(job.timestamp), wait }];
    })
    .sort((a, b) => a.at - b.at);
  const longest = Math.max(0, ...points.map(({ wait }) => wait));
  return (
    <Chart
      title="Wait for a worker"
      summary={`At most ${inSpan(longest)}; ${points.length} jobs`}
      times={points.map(({ at }) => at)}
      series={[{ label: "wait", colour: "queued", values: points.map(({ wait }) => wait) }]}
      shape="dots"
      write={inSpan}
    />
  );
}

function Speeds() {
  const totals = samples.value.map(({ speeds }) => [...speeds.values()].reduce((sum, speed) => sum + speed, 0));
  return (
    <Chart
      title="Encode speed"
      summary={`${(totals.at(-1) ?? 0).toFixed(1)} seconds of video a second now`}
      times={samples.value.map(({ at }) => at)}
      series={[{ label: "all", colour: "processing", values: totals }]}
      shape="lines"
      write={inTimes}
    />
  );
}

const inTimes = (speed: number) => `${speed}×`;
const inSpan = (seconds: number) => span(seconds * 1_000);

const colours = ["processing", "completed", "uploading", "queued", "failed", "cancelled"];

function PerWorker() {
  const workers = [...new Set(samples.value.flatMap(({ speeds }) => [...speeds.keys()]))].sort();
  const series = workers.map((worker, index) => ({
    label: addressOf(worker),
    colour: colours[index % colours.length] ?? "processing",
    values: samples.value.map(({ speeds }) => speeds.get(worker) ?? 0),
  }));
  return (
    <Chart
      title="Encode speed of each worker"
      summary={workers.length === 1 ? "one worker" : `${workers.length} workers`}
      times={samples.value.map(({ at }) => at)}
      series={series}
      shape="lines"
      write={inTimes}
    />
  );
}
