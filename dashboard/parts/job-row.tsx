import { isFinal, type Job } from "#client/client.ts";
import { age, bytes, fileName, span, timeOf } from "../format.ts";
import { jobSignal } from "../state/jobs.ts";
import { jobHref } from "../state/route.ts";
import { waitingWords } from "../waiting-words.ts";
import { Progress } from "./progress.tsx";
import { Status } from "./status.tsx";

/** One row of the list of jobs. It renders alone when its job changes. */
export function JobRow({ jobId }: { jobId: string }) {
  const job = jobSignal(jobId)?.value;
  if (!job) return null;
  const name = job.order ? fileName(job.order.input_url) : jobId;
  return (
    <li>
      <a href={jobHref(jobId)}>
        <Status status={job.status} />
        <span class="source">
          <b>{name}</b>
          <small>{aboutOf(job)}</small>
        </span>
        <span class={`progress ${job.status}`}>
          {isFinal(job.status) ? <Outcome job={job} /> : <Running job={job} name={name} />}
        </span>
        <span class="number">{speedOf(job)}</span>
        <span class="number">{job.eta_seconds === undefined ? "" : span(job.eta_seconds * 1_000)}</span>
        <span class="number">{age(Date.now() - (timeOf(jobId) ?? Date.parse(job.timestamp)))}</span>
      </a>
    </li>
  );
}

const aboutOf = ({ order, attempt, job_id }: Job) =>
  [order?.preset ?? job_id, order?.tenant, attempt > 1 && `attempt ${attempt}`].filter(Boolean).join(" · ");

const speedOf = ({ speed, fps }: Job) =>
  [fps !== undefined && `${fps.toFixed(0)} fps`, speed !== undefined && `${speed.toFixed(1)}×`]
    .filter(Boolean)
    .join(" · ");

const Running = ({ job, name }: { job: Job; name: string }) => {
  if (job.progress === undefined) return <small class="outcome">{job.message ?? waitingWords(job)}</small>;
  return (
    <>
      <Progress percent={job.progress} label={`Progress of ${name}`} />
      <small>{shareOf(job)}</small>
    </>
  );
};

const shareOf = ({ status, progress = 0, files_uploaded = 0, files_total = 0 }: Job) =>
  status === "uploading" && files_total > 1 ? `${files_uploaded}/${files_total}` : `${progress.toFixed(0)} %`;

const Outcome = ({ job: { status, error, bytes_uploaded } }: { job: Job }) => (
  <small class="outcome">
    {status === "completed" ? bytes_uploaded !== undefined && bytes(bytes_uploaded) : firstLine(error?.message)}
  </small>
);

const firstLine = (text = "") => text.split("\n", 1)[0];
