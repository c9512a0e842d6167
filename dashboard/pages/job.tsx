import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { isFinal, type Job, type JobEvent } from "#client/client.ts";
import { bytes, fileName, span, timeOf } from "../format.ts";
import { EventLog } from "../parts/event-log.tsx";
import { Facts } from "../parts/facts.tsx";
import { JobActions } from "../parts/job-actions.tsx";
import { Player } from "../parts/player.tsx";
import { Progress } from "../parts/progress.tsx";
import { Status } from "../parts/status.tsx";
import { Timeline } from "../parts/timeline.tsx";
import { adviceOn } from "../reasons.ts";
import { followJob } from "../state/job.ts";
import { addressOf, workerOf } from "../state/workers.ts";
import { stepsOf } from "../timeline.ts";
import { waitingWords } from "../waiting-words.ts";

export function JobPage({ jobId }: { jobId: string }) {
  const { job, events, problem, leave } = useMemo(() => followJob(jobId), [jobId]);
  useEffect(() => leave, [jobId]);
  const now = job.value;
  if (!now) return <p class="empty">{problem.value || "Loading…"}</p>;
  const name = now.order ? fileName(now.order.input_url) : "Job";
  return (
    <>
      <p class="crumbs">
        <a href="#/">Jobs</a> / <span class="id">{jobId}</span>
      </p>
      <div class="bar-of-page">
        <h1>{name}</h1>
        <Status status={now.status} />
        <JobActions job={now} />
      </div>
      {problem.value && (
        <p class="lost" role="alert">
          {problem.value}
        </p>
      )}
      {!isFinal(now.status) && <Running job={now} />}
      {now.error && <Failure error={now.error} />}
      {now.warnings && <Warnings warnings={now.warnings} />}
      {now.status === "completed" && now.output_url && <Player url={now.output_url} bytes={now.bytes_uploaded} />}
      <Steps jobId={jobId} events={events} isOver={isFinal(now.status)} />
      <div class="columns-of-page">
        <section class="card">
          <h2>About</h2>
          <About job={now} />
        </section>
        <EventLog events={events.value} />
      </div>
    </>
  );
}

const Running = ({ job: { progress, message, position, speed, fps, eta_seconds } }: { job: Job }) => (
  <section class="card running" aria-label="Progress">
    <Progress percent={progress} label="Progress" />
    <p>
      <b>{progress === undefined ? "…" : `${progress.toFixed(1)} %`}</b>{" "}
      <span>{message ?? waitingWords({ position })}</span>
    </p>
    <dl class="figures">
      <Figure title="Speed" value={speed && `${speed.toFixed(2)}×`} />
      <Figure title="Frames" value={fps && `${fps.toFixed(0)} fps`} />
      <Figure title="Left" value={eta_seconds === undefined ? undefined : span(eta_seconds * 1_000)} />
    </dl>
  </section>
);

const Figure = ({ title, value }: { title: string; value: string | number | undefined }) => (
  <div>
    <dt>{title}</dt>
    <dd>{value || "–"}</dd>
  </div>
);

const Failure = ({ error: { kind, message } }: { error: NonNullable<Job["error"]> }) => (
  <section class="card failure">
    <h2>{kind === "cancelled" ? "Cancelled" : "What went wrong"}</h2>
    <p>{adviceOn({ kind, message })}</p>
    {kind !== "cancelled" && <pre class="code">{message}</pre>}
  </section>
);

const Warnings = ({ warnings }: { warnings: readonly string[] }) => (
  <section class="card failure">
    <h2>What may be missed</h2>
    <ul>
      {warnings.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  </section>
);

type StepsProps = { jobId: string; events: ReadonlySignal<readonly JobEvent[]>; isOver: boolean };

function Steps({ jobId, events, isOver }: StepsProps) {
  const steps = stepsOf(events.value, timeOf(jobId), isOver ? 0 : Date.now());
  if (steps.length < 2) return null;
  return (
    <section class="card">
      <h2>Timeline</h2>
      <Timeline steps={steps} />
    </section>
  );
}

// What failed or was cancelled has left nothing there.
const hasOutput = (status: Job["status"]) => status !== "failed" && status !== "cancelled";

const About = ({ job: { job_id, order, attempt, receipt, output_url, output_type, ...job } }: { job: Job }) => (
  <Facts
    of={{
      Source: order?.input_url,
      Preset: order?.preset,
      Tenant: order?.tenant,
      Storage: order?.output?.storage,
      Output: output_url ?? (hasOutput(job.status) ? order?.output?.path : undefined),
      Type: output_type,
      Size: job.bytes_uploaded && bytes(job.bytes_uploaded),
      Files: hasOutput(job.status) && job.files_total && `${job.files_uploaded ?? 0} of ${job.files_total}`,
      Worker: addressOf(workerOf(job_id)),
      Attempt: attempt > 1 && String(attempt),
      Repeats: order?.retry_of,
      Took: receipt && span(receipt.worker_seconds * 1_000),
      CPU: receipt && span(receipt.cpu_seconds * 1_000),
      Memory: receipt && receipt.peak_memory > 0 && bytes(receipt.peak_memory),
      Fetched: receipt && bytes(receipt.bytes_in),
      "Cold start": receipt && receipt.cold_start_seconds >= 1 && span(receipt.cold_start_seconds * 1_000),
      Requests: receipt && receipt.storage_requests > 0 && `${receipt.storage_requests} to the storage`,
      Cost: receipt?.cost?.toFixed(4),
    }}
  />
);
