import { useEffect } from "preact/hooks";
import type { Worker } from "#client/client.ts";
import { bytes, sourceName, span } from "../format.ts";
import { Capabilities } from "../parts/capabilities.tsx";
import { Facts } from "../parts/facts.tsx";
import { Gauge } from "../parts/gauge.tsx";
import { jobSignal } from "../state/jobs.ts";
import { poll } from "../state/poll.ts";
import { jobHref } from "../state/route.ts";
import { readActiveJobs, workers, workersProblem } from "../state/workers.ts";

const jobsPauseMs = 5_000;

export function Workers() {
  useEffect(() => poll(readActiveJobs, () => jobsPauseMs), []);
  return <List />;
}

const List = () => (
  <>
    <div class="bar-of-page">
      <h1>Workers</h1>
      <p class="hint">Viewing this page never starts a worker.</p>
    </div>
    {workers.value === undefined && <p class="empty">{workersProblem.value || "Loading…"}</p>}
    <ul class="cards">
      {workers.value?.map((worker) => (
        <li key={worker.address} class="card">
          <div class="bar-of-page">
            <h2>{worker.address}</h2>
            <span class={`status ${stateOf(worker)}`}>{stateOf(worker)}</span>
          </div>
          {worker.reachable ? <Awake {...worker} /> : <p class="hint">{absence(worker)}</p>}
        </li>
      ))}
    </ul>
  </>
);

function absence({ asleep, starting }: { asleep?: true; starting?: true }) {
  if (starting) return "A job or a question waits for it; its machine may be starting.";
  return asleep ? "It starts when a job needs it." : "It does not answer.";
}

type Awake = Extract<Worker, { reachable: true }>;

function stateOf(worker: Worker) {
  if (!worker.reachable) return worker.starting ? "starting" : worker.asleep ? "asleep" : "unreachable";
  if (worker.draining) return "draining";
  if (worker.current_jobs === 0) return "idle";
  return worker.current_jobs < worker.max_concurrent_jobs ? "working" : "full";
}

const Awake = ({ current_jobs, max_concurrent_jobs, active_job_ids, capabilities, ...worker }: Awake) => (
  <>
    <div class="gauges">
      <Gauge
        title="Slots"
        value={current_jobs}
        max={max_concurrent_jobs}
        words={`${current_jobs} of ${max_concurrent_jobs}`}
      />
      <Load {...worker} />
      {worker.disk_total !== undefined && worker.disk_free !== undefined && (
        <Gauge
          title="Disk"
          value={worker.disk_total - worker.disk_free}
          max={worker.disk_total}
          high={0.9}
          words={`${bytes(worker.disk_free)} free of ${bytes(worker.disk_total)}`}
        />
      )}
    </div>
    <Jobs ids={active_job_ids} />
    <Facts
      of={{
        Machine: machineOf(worker),
        ffmpeg: worker.ffmpeg_version ?? versionIn(capabilities),
        Version: worker.version,
        "Up for": worker.started_at && span(Date.now() - Date.parse(worker.started_at)),
        Itself: worker.memory > 0 && `${bytes(worker.memory)} of memory`,
        Name: worker.worker_id,
      }}
    />
    <Capabilities names={capabilities} />
  </>
);

const machineOf = ({ cpus, machine_memory }: Pick<Awake, "cpus" | "machine_memory">) =>
  [
    cpus !== undefined && (cpus === 1 ? "1 core" : `${cpus} cores`),
    machine_memory !== undefined && `${bytes(machine_memory)} of memory`,
  ]
    .filter(Boolean)
    .join(", ");

const versionIn = (capabilities: readonly string[]) =>
  capabilities.find((name) => name.startsWith("ffmpeg:"))?.slice("ffmpeg:".length);

/** The load in words that need no knowledge of load averages: what wants a core, and how many there are. */
function Load({ load, cpus }: Pick<Awake, "load" | "cpus">) {
  const percent = `${Math.round(load * 100)} %`;
  if (cpus === undefined) return <Gauge title="Load" value={Math.min(load, 1)} max={1} words={percent} />;
  const busy = load * cpus;
  const cores = cpus === 1 ? "1 core" : `${cpus} cores`;
  return (
    <Gauge
      title="Load"
      value={Math.min(load, 1)}
      max={1}
      words={`${busy.toFixed(1)} on ${cores}`}
      note={
        load > 1
          ? `${percent}: in the last minute ${busy.toFixed(1)} tasks at a time wanted to run or waited for the disk. They take turns: encodes take longer, nothing fails.`
          : undefined
      }
    />
  );
}

const Jobs = ({ ids }: { ids: readonly string[] }) =>
  ids.length === 0 ? (
    <p class="hint">Nothing runs here now.</p>
  ) : (
    <ul class="links" aria-label="Jobs that run here">
      {ids.map((jobId) => (
        <li key={jobId}>
          <a href={jobHref(jobId)}>{nameOf(jobId)}</a> <span class="number">{shareOf(jobId)}</span>
        </li>
      ))}
    </ul>
  );

const nameOf = (jobId: string) => {
  const order = jobSignal(jobId)?.value.order;
  return order ? sourceName(order) : jobId;
};

/** What a job does there, and its progress where it is known. */
const shareOf = (jobId: string) => {
  const { status, progress, order } = jobSignal(jobId)?.value ?? {};
  const share = progress === undefined ? status : `${progress.toFixed(0)} %`;
  return [order?.preset, share].filter(Boolean).join(" · ");
};
