import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type JobProgress,
  JobProgressSchema,
  type Pieces as PiecesMessage,
  JobStatus as Wire,
} from "#proto/worker/v1/worker_pb.js";
import { isFaultKind } from "#shared/fault.ts";
import { type JobEvent, type OutputType, outputTypes } from "#shared/job/event.ts";
import type { Receipt } from "#shared/job/receipt.ts";
import { type JobStatus, jobStatuses } from "#shared/job/status.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { factsFromMessage } from "./facts-message.ts";
import { fromFields, toFields } from "./message-fields.ts";

/** The enum value of a status; without one the value that stands for any. */
export const statusToWire = (status: JobStatus | "unspecified" = "unspecified") =>
  Wire[status.toUpperCase() as Uppercase<typeof status>];

/** The status of an enum value; undefined for one that this version does not know. */
export const statusFromWire = (number: Wire) => jobStatuses.find((status) => statusToWire(status) === number);

const isOutputType = (text: string): text is OutputType => outputTypes.some((type) => type === text);

/** Makes the message of an event. Fields travel under their own names, but for those whose types differ in protobuf. */
export function eventToMessage(event: JobEvent): MessageInitShape<typeof JobProgressSchema> {
  const { status, error, ...same } = event;
  return {
    ...toFields(JobProgressSchema, { ...same, ...(error && errorFields(error)) }),
    status: statusToWire(status),
    ...(same.progress !== undefined && { progressKnown: true }),
  };
}

/** Reads the event of a message. A worker that does not number its events sends 0 as the sequence and the attempt. */
export function eventFromMessage(message: JobProgress): JobEvent {
  const { $typeName: _, $unknown: __, status: number, progressKnown, errorKind, errorFields, ...fields } = message;
  const { jobId, sequence, attempt, timestamp, progress, fps, speed, etaSeconds, ...others } = fields;
  const { filesUploaded, bytesUploaded, outputType, error, receipt, pieces, ...about } = others;
  const { source, sources, outputs, quality, ...same } = about;
  const status = statusFromWire(number) ?? "processing";
  return {
    ...{ jobId, sequence: Number(sequence), status, attempt, timestamp },
    ...((progressKnown || progress > 0) && { progress: rounded(progress) }),
    ...omitEmpty(same),
    ...(fps && { fps: rounded(fps) }),
    ...(speed && { speed: rounded(speed) }),
    ...(etaSeconds !== undefined && { etaSeconds: rounded(etaSeconds) }),
    ...piecesOf(pieces),
    ...((filesUploaded || same.filesTotal) && { filesUploaded }),
    ...(bytesUploaded && { bytesUploaded: Number(bytesUploaded) }),
    ...(isOutputType(outputType) && { outputType }),
    ...(error && { error: { kind: kindOf(errorKind, status), message: error, ...blamed(errorFields) } }),
    ...(receipt && { receipt: fromFields(receipt) as Receipt }),
    ...factsFromMessage({ source, sources, outputs, quality }),
  };
}

function piecesOf(message: PiecesMessage | undefined): Pick<JobEvent, "pieces"> {
  if (!message) return {};
  const { done, total, workers, board, open } = message;
  return { pieces: { ...{ done, total, workers }, ...omitEmpty({ board, open }) } };
}

const errorFields = ({ kind, message, errors = [] }: NonNullable<JobEvent["error"]>) => ({
  ...{ error: message, errorKind: kind, errorFields: errors },
});

const blamed = (fields: JobProgress["errorFields"]) =>
  fields.length > 0 ? { errors: fields.slice(0, mostBlamed).map(({ field, message }) => ({ field, message })) } : {};

/** As many as a peer's refusal of an order may name. */
const mostBlamed = 100;

const kindOf = (named: string, status: JobStatus) => {
  if (isFaultKind(named)) return named;
  return status === "cancelled" ? "cancelled" : "encode_failed";
};

// A float of protobuf has seven digits: 45.5 must not become 45.50000762939453.
const rounded = (float: number) => Math.round((Number.isFinite(float) ? float : 0) * 100) / 100;
