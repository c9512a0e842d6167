import { Fault } from "#shared/fault.ts";
import { checkedJobId } from "#shared/job/id.ts";
import type { Methods, ServiceDeps } from "./methods.ts";

const partBytes = 64 * 1024;

/** Answers with the certificates of jobs that have completed, in parts: they are as long as the list of their files. */
export const certificateHandlers = ({
  registry,
  records,
}: Pick<ServiceDeps, "registry" | "records">): Pick<Methods, "getCertificate"> => ({
  async *getCertificate({ jobId }, signal) {
    const job = registry.find(checkedJobId(jobId));
    // The record is written after the end was told, and the journal removed after that.
    const journaled = job?.hasEnded() ? (await job.journal.published()).certificate : undefined;
    const text = journaled ?? (await records.certificate(jobId, signal));
    if (text === undefined) throw new Fault("not_found", "the job has no certificate");
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += partBytes) yield { data: bytes.subarray(at, at + partBytes) };
  },
});
