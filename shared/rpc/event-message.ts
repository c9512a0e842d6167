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

const wire = {
  queued: Wire.QUEUED,
  processing: Wire.PROCESSING,
  uploading: Wire.UPLOADING,
  completed: Wire.COMPLETED,
  failed: Wire.FAILED,
  cancelled: Wire.CANCELLED,
} as const satisfies Record<JobStatus, Wire>;

export const statusToWire = (status: JobStatus | undefined) => (status ? wire[status] : Wire.UNSPECIFIED);

/** The status a number stands for, or undefined for one that we do not know. */
export const statusFromWire = (number: Wire) => jobStatuses.find((status) => wire[status] === number);

const isOutputType = (text: string): text is OutputType => outputTypes.some((type) => type === text);

export function eventToMessage(event: JobEvent): MessageInitShape<typeof JobProgressSchema> {
  const { status, sequence, error, bytesUploaded, receipt, etaSeconds, progress, warnings, ...same } = event;
  return {
    ...same,
    status: wire[status],
    sequence: BigInt(int64(sequence)),
    ...(progress !== undefined && { progress, progressKnown: true }),
    ...(etaSeconds !== undefined && { etaSeconds }),
    ...(bytesUploaded !== undefined && { bytesUploaded: BigInt(int64(bytesUploaded)) }),
    ...(error && { error: error.message, errorKind: error.kind }),
    ...(warnings && { warnings: [...warnings] }),
    ...(receipt && { receipt: receiptToMessage(receipt) }),
  };
}

/** An event as the worker sent it. A peer that does not number its events sends 0, and 0 for the attempt. */
export function eventFromMessage(message: JobProgress): JobEvent {
  const status = statusFromWire(message.status) ?? "processing";
  const { outputType, receipt } = message;
  return {
    jobId: message.jobId,
    sequence: Number(message.sequence),
    status,
    attempt: message.attempt,
    timestamp: message.timestamp,
    ...(knowsProgress(message) && { progress: rounded(message.progress) }),
    ...(message.message && { message: message.message }),
    ...(message.fps && { fps: rounded(message.fps) }),
    ...(message.speed && { speed: rounded(message.speed) }),
    ...(message.etaSeconds !== undefined && { etaSeconds: rounded(message.etaSeconds) }),
    ...uploadsIn(message),
    ...(message.outputUrl && { outputUrl: message.outputUrl }),
    ...(isOutputType(outputType) && { outputType }),
    ...(message.error && { error: { kind: kindOf(message.errorKind, status), message: message.error } }),
    ...(message.warnings.length > 0 && { warnings: message.warnings }),
    ...(receipt && { receipt: receiptFrom(receipt) }),
    ...(message.traceId && { traceId: message.traceId }),
  };
}

const uploadsIn = ({ filesUploaded, filesTotal, bytesUploaded }: JobProgress) => ({
  ...((filesUploaded || filesTotal) && { filesUploaded }),
  ...(filesTotal && { filesTotal }),
  ...(bytesUploaded && { bytesUploaded: Number(bytesUploaded) }),
});

const receiptToMessage = (receipt: Receipt) => ({
  ...receipt,
  bytesIn: BigInt(int64(receipt.bytesIn)),
  bytesOut: BigInt(int64(receipt.bytesOut)),
  storageRequests: BigInt(int64(receipt.storageRequests)),
  peakMemory: BigInt(int64(receipt.peakMemory)),
});

const receiptFrom = ({ $typeName: _, $unknown: __, cost, ...receipt }: ReceiptMessage): Receipt => ({
  ...receipt,
  bytesIn: Number(receipt.bytesIn),
  bytesOut: Number(receipt.bytesOut),
  storageRequests: Number(receipt.storageRequests),
  peakMemory: Number(receipt.peakMemory),
  ...(cost !== undefined && { cost }),
});

const knowsProgress = ({ progressKnown, progress }: JobProgress) => progressKnown || progress > 0;

const kindOf = (named: string, status: JobStatus) => {
  if (isFaultKind(named)) return named;
  return status === "cancelled" ? "cancelled" : "encode_failed";
};

// A proto float has seven digits: 45.5 must not come out as 45.50000762939453.
const rounded = (float: number) => Math.round((Number.isFinite(float) ? float : 0) * 100) / 100;
