import type { Worker } from "#client/client.ts";
import { bytes, fileName, span } from "../format.ts";
import { Facts } from "../parts/facts.tsx";
import { jobSignal } from "../state/jobs.ts";
import { jobHref } from "../state/route.ts";
import { workers, workersProblem } from "../state/workers.ts";

export const Workers = () => (
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
          {worker.reachable ? <Busy {...worker} /> : <p class="hint">{absence(worker)}</p>}
        </li>
      ))}
    </ul>
  </>
);

const nameOf = (jobId: string) => {
  const order = jobSignal(jobId)?.value.order;
  return order ? fileName(order.input_url) : jobId;
};

function absence({ asleep, starting }: { asleep?: true; starting?: true }) {
  if (starting) return "A job or a question waits for it; its machine may be starting.";
  return asleep ? "It starts when a job needs it." : "It does not answer.";
}

/** The progress of a job as text; empty while it is unknown. */
const shareOf = (jobId: string) => {
  const { progress } = jobSignal(jobId)?.value ?? {};
  return progress === undefined ? "" : `${progress.toFixed(0)} %`;
};

type Awake = Extract<Worker, { reachable: true }>;

function stateOf(worker: Worker) {
  if (!worker.reachable) return worker.starting ? "starting" : worker.asleep ? "asleep" : "unreachable";
  if (worker.draining) return "draining";
  if (worker.current_jobs === 0) return "idle";
  return worker.current_jobs < worker.max_concurrent_jobs ? "working" : "full";
}

const Busy = ({ current_jobs, max_concurrent_jobs, active_job_ids, ...worker }: Awake) => (
  <>
    <label class="meter">
      {current_jobs} of {max_concurrent_jobs} slots
      <meter max={max_concurrent_jobs} value={current_jobs} />
    </label>
    <Facts
      of={{
        Load: `${Math.round(worker.load * 100)} %`,
        Memory: bytes(worker.memory),
        Version: worker.version,
        "Up for": worker.started_at && span(Date.now() - Date.parse(worker.started_at)),
        Name: worker.worker_id,
      }}
    />
    {active_job_ids.length > 0 && (
      <ul class="links" aria-label="Jobs that run here">
        {active_job_ids.map((jobId) => (
          <li key={jobId}>
            <a href={jobHref(jobId)}>{nameOf(jobId)}</a> <span class="number">{shareOf(jobId)}</span>
          </li>
        ))}
      </ul>
    )}
  </>
);
