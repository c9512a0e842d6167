import { Fault } from "#shared/fault.ts";
import { checkedJobId } from "#shared/job/id.ts";
import { shownLog } from "#shared/outcomes/shown-log.ts";
import type { Job } from "#worker/job/job.ts";
import type { Methods, ServiceDeps } from "./methods.ts";

const partBytes = 64 * 1024;

type RecordText = {
  /** What it is, in words. */
  name: string;
  /** Reads it from the journal of an ended job, which holds it until the job's record is written. */
  journaled(job: Job): Promise<string | undefined>;
  /** Reads it from beside the record. */
  recorded(jobId: string, signal: AbortSignal): Promise<string | undefined>;
};

/** Answers with the texts that lie beside the records of jobs, in parts: they may be as long as lists of files. */
export const recordTextHandlers = ({
  registry,
  records,
}: Pick<ServiceDeps, "registry" | "records">): Pick<Methods, "getCertificate" | "getLog"> => {
  const answer = ({ name, journaled, recorded }: RecordText) =>
    async function* ({ jobId }: { jobId: string }, signal: AbortSignal) {
      const job = registry.find(checkedJobId(jobId));
      // The record is written after the end was told, and the journal removed after that.
      const text = (job?.hasEnded() ? await journaled(job) : undefined) ?? (await recorded(jobId, signal));
      if (text === undefined) throw new Fault("not_found", `the job has no ${name}`);
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += partBytes) yield { data: bytes.subarray(at, at + partBytes) };
    };
  return {
    getCertificate: answer({
      name: "certificate",
      journaled: async ({ journal }) => (await journal.published()).certificate,
      recorded: records.certificate,
    }),
    getLog: answer({
      name: "log",
      async journaled({ feed, journal }) {
        const text = feed.latest?.status === "failed" ? await journal.log() : undefined;
        return text === undefined ? undefined : shownLog(text);
      },
      recorded: records.log,
    }),
  };
};
