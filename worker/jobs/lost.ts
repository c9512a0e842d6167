import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { type JobEvent, sequenceBefore } from "#shared/job/event.ts";
import { isWaitingId } from "#shared/job/id.ts";
import type { Order } from "#shared/job/order.ts";
import type { JobRecord } from "#shared/job/record.ts";
import { isFinal } from "#shared/job/status.ts";
import { fromJsonText } from "#shared/json-text.ts";
import { jobFields } from "#shared/log.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import type { CompleteEnds } from "#shared/queue/complete-end.ts";
import type { Journal } from "#worker/journal/journal.ts";
import type { Lost } from "#worker/journal/journaled.ts";
import { fixedEvent } from "#worker/queue/end.ts";
import type { ResumeDeps } from "#worker/run/resume.ts";
import type { Registry } from "./registry.ts";

const recordTimeoutMs = 10_000;

export type LostJobDeps = Pick<ResumeDeps, "records" | "handOvers" | "log"> & {
  registry: Registry;
  ends: Pick<CompleteEnds, "complete">;
};

/**
 * Ends a job whose journal is too damaged to run it again. What journal and record still tell of it goes into its final
 * record and its webhook, and its folder is set aside. Resolves when the registry has the job; throws when the record
 * cannot be read at present.
 */
export async function finishLost(journal: Journal, lost: Lost, deps: LostJobDeps) {
  const { registry, records, log } = deps;
  const { jobId } = journal;
  const record = await records.read(jobId, AbortSignal.timeout(recordTimeoutMs));
  if (lost.orderText === undefined && record && isFinal(record.event.status)) return journal.remove();
  const read = orderFrom(jobId, lost.orderText, record);
  const owned = isWaitingId(jobId) ? await ownedEnd(read, deps) : undefined;
  const order = { ...read, ...owned };
  const end = lost.end ?? endFrom(jobId, lost, record);
  log.error(
    { ...jobFields(order), why: lost.lost },
    "the job's journal is damaged; the job ends, its folder is set aside",
  );
  if (record?.callbackRedacted && order.callbackUrl === record.order.callbackUrl)
    log.error(jobFields(order), "the receiver's whole URL is lost: its webhook may not arrive");
  const isOurs = owned !== undefined || !isWaitingId(jobId);
  const fixed = isOurs ? await fixedEvent(order, end, deps.handOvers, AbortSignal.timeout(recordTimeoutMs)) : undefined;
  if (!fixed) {
    log.warn(jobFields(order), "another has ended the job");
    await deps.ends.complete(jobId, AbortSignal.timeout(recordTimeoutMs), order);
    return journal.setAside();
  }
  if (!lost.end)
    await journal.end(fixed).catch((err) => log.error({ ...jobFields(order), err }, "the outcome cannot be journaled"));
  void registry.finish(order, { ...journal, clear: async () => {}, remove: journal.setAside }, fixed);
}

/**
 * What the order says of the hand-over under which this worker has the end of the job; undefined when another has it. Of a
 * job that was accepted here no other worker has the end: that it is a worker's is enough where all else is lost.
 */
async function ownedEnd({ jobId, queueTry = 1, queueAddress, queueAdmission }: Order, { handOvers }: LostJobDeps) {
  const signal = AbortSignal.timeout(recordTimeoutMs);
  const ours = { by: "worker", admission: queueAdmission ?? randomUUID(), number: queueTry } as const;
  const end = (await handOvers.readEnd(jobId, signal)) ?? (await handOvers.claimEnd(jobId, ours, signal)) ?? ours;
  if (end.by !== "worker") return undefined;
  return { queueTry: end.number, queueAddress: queueAddress ?? "unknown", queueAdmission: end.admission };
}

function endFrom(jobId: string, { attempt, lost }: Lost, record: JobRecord | undefined): JobEvent {
  if (record && isFinal(record.event.status)) return record.event;
  const number = Math.max(attempt.attempt, record?.event.attempt ?? 0) + 1;
  return {
    ...{ jobId, attempt: number, sequence: sequenceBefore(number) + 1, status: "failed" },
    timestamp: new Date().toISOString(),
    ...(record?.event.traceId && { traceId: record.event.traceId }),
    error: { kind: "worker_lost", message: `the worker's journal of the job is damaged (${lost}); order it again` },
  };
}

/** The order, as far as the rest of the journal and the record tell it. */
function orderFrom(jobId: string, damaged: string | undefined, record: JobRecord | undefined): Order {
  // The fields worth saving of a damaged text: each is searched for by itself.
  const found = (name: string) =>
    fromJsonText(v.string(), new RegExp(`"${name}":("(?:[^"\\\\]|\\\\.)*")`).exec(damaged ?? "")?.[1]);
  const [callbackUrl, tenant, traceparent] = ["callback_url", "tenant", "traceparent"].map(found);
  const handOver = {
    queueAddress: found("queue_address") ?? record?.worker,
    queueAdmission: found("queue_admission"),
    acceptedAt: found("accepted_at") ?? record?.acceptedAt,
    claimKey: found("claim_key") ?? record?.claim,
  };
  return {
    inputUrl: found("input_url") ?? "",
    preset: found("preset") ?? "",
    output: { ...unknownOutput, path: found("path") ?? "" },
    callbackEvents: [],
    ...(tenant && { tenant }),
    ...(traceparent && { traceparent }),
    ...record?.order,
    ...omitEmpty(handOver),
    jobId,
    ...(callbackUrl && { callbackUrl }),
  };
}

const unknownOutput = { storage: "local", type: "single", metadata: {}, publish: "atomic", overwrite: false } as const;
