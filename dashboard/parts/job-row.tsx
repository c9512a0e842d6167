import { useComputed } from "@preact/signals";
import { isFinal, type Job } from "#client/client.ts";
import { age, bytes, clock, folderName, sourceName, sourceUrl, span, timeOf } from "../format.ts";
import { joined } from "../media-words.ts";
import { piecesWords } from "../pieces-words.ts";
import { jobSignal, repeatedNames } from "../state/jobs.ts";
import { jobHref } from "../state/route.ts";
import { select, selected } from "../state/selection.ts";
import { waitingWords } from "../waiting-words.ts";
import { Progress } from "./progress.tsx";
import { Status } from "./status.tsx";
import { Tile } from "./tile.tsx";

/** One row of the list of jobs. It renders alone when its job changes. */
export function JobRow({ jobId }: { jobId: string }) {
  const isSelected = useComputed(() => selected.value.has(jobId));
  const isRepeated = useComputed(() => repeatedNames.value.has(nameOf(jobSignal(jobId)?.value)));
  const job = jobSignal(jobId)?.value;
  if (!job) return null;
  const name = nameOf(job);
  return (
    <li class={job.status}>
      <input
        type="checkbox"
        aria-label={`Select ${name}`}
        checked={isSelected.value}
        onChange={({ currentTarget }) => select(jobId, currentTarget.checked)}
      />
      <Tile job={job} />
      <span class="source">
        <a href={jobHref(jobId)}>
          {isRepeated.value && <span class="folder">{folderName(sourceUrl(job.order ?? {}))}</span>}
          <b>{name}</b>
        </a>
        <small>{aboutOf(job)}</small>
      </span>
      <span class="state">{isFinal(job.status) ? <Outcome job={job} /> : <Running job={job} name={name} />}</span>
      <span class="number">{lengthOf(job)}</span>
      <span class="number">{sizeOf(job)}</span>
      <span class="number">{age(Date.now() - (timeOf(jobId) ?? Date.parse(job.timestamp)))}</span>
    </li>
  );
}

const nameOf = (job: Job | undefined) => (job?.order ? sourceName(job.order) : (job?.job_id ?? ""));

const aboutOf = ({ order, attempt, job_id }: Job) =>
  [order?.preset ?? job_id, order?.tenant, attempt > 1 && `attempt ${attempt}`].filter(Boolean).join(" · ");

const lengthOf = ({ source, receipt }: Job) => {
  const seconds = source?.duration_seconds ?? receipt?.media_seconds ?? 0;
  return seconds > 0 ? clock(seconds) : "";
};

/** The size of the source and of the output, as far as they are known. */
const sizeOf = ({ source, outputs, receipt, bytes_uploaded, status }: Job) => {
  if (status !== "completed") return "";
  const before = source?.bytes ?? receipt?.bytes_in ?? 0;
  const after = outputs?.bytes ?? bytes_uploaded ?? 0;
  if (before === 0) return after > 0 ? bytes(after) : "";
  return `${bytes(before)} → ${bytes(after)}`;
};

const Running = ({ job, name }: { job: Job; name: string }) => (
  <>
    <span class="line">
      <Status status={job.status} />
      {job.progress !== undefined && <Progress percent={job.progress} label={`Progress of ${name}`} />}
      {job.progress !== undefined && <small class="share">{shareOf(job)}</small>}
    </span>
    <small class="outcome">{job.progress === undefined ? (job.message ?? waitingWords(job)) : paceOf(job)}</small>
  </>
);

const shareOf = ({ status, progress = 0, files_uploaded = 0, files_total = 0 }: Job) =>
  status === "uploading" && files_total > 1 ? `${files_uploaded}/${files_total}` : `${progress.toFixed(0)} %`;

const paceOf = ({ pieces, speed, fps, eta_seconds, message }: Job) =>
  [
    pieces && piecesWords(pieces),
    fps !== undefined && `${fps.toFixed(0)} fps`,
    speed !== undefined && `${speed.toFixed(1)}×`,
    eta_seconds !== undefined && `${span(eta_seconds * 1_000)} left`,
  ]
    .filter(Boolean)
    .join(" · ") || message;

const Outcome = ({ job }: { job: Job }) => {
  const { status, error } = job;
  const words = status === "completed" ? madeWords(job) : firstLine(error?.message);
  return (
    <>
      <Status status={status} />
      <small class="outcome" title={status === "failed" ? error?.message : undefined}>
        {words}
      </small>
    </>
  );
};

/** What was made, and how long it took. */
const madeWords = ({ outputs, receipt }: Job) => {
  const pictures = outputs?.renditions.filter(({ kind }) => kind === "video") ?? [];
  const largest = Math.max(0, ...pictures.map(({ width = 0, height = 0 }) => Math.min(width, height)));
  return joined([
    largest > 0 && (pictures.length > 1 ? `${pictures.length} renditions up to ${largest}p` : `${largest}p`),
    receipt && `took ${span(receipt.worker_seconds * 1_000)}`,
  ]);
};

const firstLine = (text = "") => text.split("\n", 1)[0];
