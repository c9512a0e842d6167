import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type JobProgress,
  type JobProgressSchema,
  type Receipt as ReceiptMessage,
  JobStatus as Wire,
} from "#proto/worker/v1/worker_pb.js";
import { isFaultKind } from "#shared/fault.ts";
import { type JobEvent, type OutputType, outputTypes } from "#shared/job/event.ts";
import { int64 } from "#shared/job/number.ts";
import type { Receipt } from "#shared/job/receipt.ts";
import { type JobStatus, jobStatuses } from "#shared/job/status.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { factsFromMessage, factsToMessage } from "./facts-message.ts";

/** The enum value of a status; without one the value that stands for any. */
export const statusToWire = (status: JobStatus | "unspecified" = "unspecified") =>
  Wire[status.toUpperCase() as Uppercase<typeof status>];

/** The status of an enum value; undefined for one that this version does not know. */
export const statusFromWire = (number: Wire) => jobStatuses.find((status) => statusToWire(status) === number);

const isOutputType = (text: string): text is OutputType => outputTypes.some((type) => type === text);

/** Makes the message of an event. Fields travel under their own names, but for those whose types differ in protobuf. */
export function eventToMessage(event: JobEvent): MessageInitShape<typeof JobProgressSchema> {
  const { status, sequence, error, bytesUploaded, receipt, source, outputs, quality, ...same } = event;
  return {
    ...same,
    status: statusToWire(status),
    sequence: BigInt(int64(sequence)),
    ...(same.progress !== undefined && { progressKnown: true }),
    ...(bytesUploaded !== undefined && { bytesUploaded: BigInt(int64(bytesUploaded)) }),
    ...(error && { error: error.message, errorKind: error.kind }),
    ...(receipt && { receipt: receiptToMessage(receipt) }),
    ...factsToMessage({ source, outputs, quality }),
  };
}

/** Reads the event of a message. A worker that does not number its events sends 0 as the sequence and the attempt. */
export function eventFromMessage(message: JobProgress): JobEvent {
  const { $typeName: _, $unknown: __, status: number, progressKnown, errorKind, ...fields } = message;
  const { jobId, sequence, attempt, timestamp, progress, fps, speed, etaSeconds, ...others } = fields;
  const { filesUploaded, bytesUploaded, outputType, error, receipt, source, outputs, quality, ...same } = others;
  const status = statusFromWire(number) ?? "processing";
  return {
    ...{ jobId, sequence: Number(sequence), status, attempt, timestamp },
    ...((progressKnown || progress > 0) && { progress: rounded(progress) }),
    ...omitEmpty(same),
    ...(fps && { fps: rounded(fps) }),
    ...(speed && { speed: rounded(speed) }),
    ...(etaSeconds !== undefined && { etaSeconds: rounded(etaSeconds) }),
    ...((filesUploaded || same.filesTotal) && { filesUploaded }),
    ...(bytesUploaded && { bytesUploaded: Number(bytesUploaded) }),
    ...(isOutputType(outputType) && { outputType }),
    ...(error && { error: { kind: kindOf(errorKind, status), message: error } }),
    ...(receipt && { receipt: receiptFrom(receipt) }),
    ...factsFromMessage({ source, outputs, quality }),
  };
}

const receiptToMessage = (receipt: Receipt) => ({
  ...receipt,
  bytesIn: BigInt(int64(receipt.bytesIn)),
  bytesOut: BigInt(int64(receipt.bytesOut)),
  storageRequests: BigInt(int64(receipt.storageRequests)),
  peakMemory: BigInt(int64(receipt.peakMemory)),
});

const receiptFrom = (message: ReceiptMessage): Receipt => {
  const { $typeName: _, $unknown: __, cost, measureCpuSeconds, aimCpuSeconds, ...receipt } = message;
  return {
    ...receipt,
    bytesIn: Number(receipt.bytesIn),
    bytesOut: Number(receipt.bytesOut),
    storageRequests: Number(receipt.storageRequests),
    peakMemory: Number(receipt.peakMemory),
    ...(cost !== undefined && { cost }),
    ...(measureCpuSeconds !== undefined && { measureCpuSeconds }),
    ...(aimCpuSeconds !== undefined && { aimCpuSeconds }),
  };
};

const kindOf = (named: string, status: JobStatus) => {
  if (isFaultKind(named)) return named;
  return status === "cancelled" ? "cancelled" : "encode_failed";
};

// A float of protobuf has seven digits: 45.5 must not become 45.50000762939453.
const rounded = (float: number) => Math.round((Number.isFinite(float) ? float : 0) * 100) / 100;
