import type { EndedJobDeps } from "./ended-job.ts";
import type { FoundJob } from "./found-job.ts";
import { makeRecordTextOf, type ReadRecordText } from "./record-text.ts";

/** Reads the texts beside records. */
export type ReadRecordTexts = { readCertificate: ReadRecordText; readLog: ReadRecordText };

/** The texts beside the records of jobs: the certificate of a completed one, and the log of a failed one. */
export const makeRecordTexts = ({ readCertificate, readLog, ...deps }: EndedJobDeps & ReadRecordTexts) => ({
  certificate: makeRecordTextOf(
    {
      name: "certificate",
      read: readCertificate,
      call: ({ getCertificate }) => getCertificate,
      before: "completed",
      whyNone: whyNoCertificate,
      gone: "the certificate of the job is not among its records any more",
    },
    deps,
  ),
  ffmpegLog: makeRecordTextOf(
    {
      name: "log",
      read: readLog,
      call: ({ getLog }) => getLog,
      before: "failed",
      whyNone: ({ event: { status } }) =>
        status === "failed" ? undefined : `it is ${status}, and only of one that failed ffmpeg's log is kept`,
      gone: "the job has no log: it failed before ffmpeg began to encode, or its log is not among the records any more",
    },
    deps,
  ),
});

function whyNoCertificate({ event: { status, certificateUrl } }: FoundJob) {
  if (certificateUrl !== undefined) return undefined;
  return status === "completed" ? "its worker had no SIGNING_KEY" : `it is ${status}`;
}
