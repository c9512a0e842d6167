import type { ReadonlySignal } from "@preact/signals";
import type { ComponentProps } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { isFinal, type Job, type JobEvent } from "#client/client.ts";
import { sourceName, span, timeOf } from "../format.ts";
import { costWords, jobWords } from "../job-words.ts";
import { sourceWords } from "../media-words.ts";
import { Certificate } from "../parts/certificate.tsx";
import { EventLog } from "../parts/event-log.tsx";
import { Facts } from "../parts/facts.tsx";
import { JobActions } from "../parts/job-actions.tsx";
import { JobLog } from "../parts/job-log.tsx";
import { Ladder } from "../parts/ladder.tsx";
import { Pieces } from "../parts/pieces.tsx";
import { Player } from "../parts/player.tsx";
import { Progress } from "../parts/progress.tsx";
import { Status } from "../parts/status.tsx";
import { Timeline } from "../parts/timeline.tsx";
import { adviceOn } from "../reasons.ts";
import { followJob } from "../state/job.ts";
import { stepsOf } from "../timeline.ts";
import { waitingWords } from "../waiting-words.ts";

export function JobPage({ jobId }: { jobId: string }) {
  const { job, events, problem, leave } = useMemo(() => followJob(jobId), [jobId]);
  useEffect(() => leave, [jobId]);
  const now = job.value;
  if (!now) return <p class="empty">{problem.value || "Loading…"}</p>;
  const name = now.order ? sourceName(now.order) : "Job";
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
      {now.error && <Failure jobId={jobId} error={now.error} isFailed={now.status === "failed"} />}
      {now.warnings && <Warnings warnings={now.warnings} />}
      <Overview job={now} />
      {now.outputs && <Ladder outputs={now.outputs} quality={now.quality} />}
      <Steps jobId={jobId} events={events} isOver={isFinal(now.status)} />
      <div class="columns-of-page">
        <Card title="About" of={jobWords(now)} />
        <EventLog events={events.value} />
      </div>
    </>
  );
}

/** What was made, beside what it was made of and what that took. */
const Overview = ({ job: { job_id, output_url, outputs, source, receipt, ...job } }: { job: Job }) => (
  <div class={outputs ? "overview" : "stack"}>
    {job.status === "completed" && output_url && (
      <Player url={output_url} bytes={job.bytes_uploaded} outputs={outputs} />
    )}
    <div class="stack">
      {source && <Card title="Source" of={sourceWords(source)} />}
      {receipt && <Card title="Costs" of={costWords(receipt)} />}
      {job.certificate_url && <Certificate jobId={job_id} />}
    </div>
  </div>
);

const Card = ({ title, of }: { title: string } & ComponentProps<typeof Facts>) => (
  <section class="card">
    <h2>{title}</h2>
    <Facts of={of} />
  </section>
);

const Running = ({ job: { progress, pieces, message, position, speed, fps, eta_seconds } }: { job: Job }) => (
  <section class="card running" aria-label="Progress">
    <Progress percent={progress} label="Progress" />
    <p>
      <b>{progress === undefined ? "…" : `${progress.toFixed(1)} %`}</b>{" "}
      <span>{message ?? waitingWords({ position })}</span>
    </p>
    {pieces && <Pieces pieces={pieces} />}
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

type FailureProps = { jobId: string; error: NonNullable<Job["error"]>; isFailed: boolean };

const Failure = ({ jobId, error: { kind, message }, isFailed }: FailureProps) => (
  <section class="card failure">
    <h2>{kind === "cancelled" ? "Cancelled" : "What went wrong"}</h2>
    <p>{adviceOn({ kind, message })}</p>
    {kind !== "cancelled" && <pre class="code">{message}</pre>}
    {isFailed && <JobLog jobId={jobId} />}
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
