import { Metadata, type ServiceError, type StatusObject, status } from "@grpc/grpc-js";
import * as v from "valibot";
import { Fault, type FaultKind, type FieldError, isFaultKind, toFault } from "#shared/fault.ts";
import { fromJsonText } from "#shared/json-text.ts";

const kindTrailer = "fault-kind";
const fieldTrailer = "fault-field";
// All of them, as JSON, when there are several.
const fieldsTrailer = "fault-fields-bin";

/** A Fault as a gRPC status whose trailers name its kind and the fields to blame. */
export function statusOf(error: unknown): StatusObject {
  const fault = toFault(error);
  const metadata = new Metadata();
  metadata.set(kindTrailer, fault.kind);
  const [field] = fault.fields;
  if (field) metadata.set(fieldTrailer, field.field);
  if (fault.fields.length > 1) metadata.set(fieldsTrailer, Buffer.from(JSON.stringify(fault.fields)));
  return { code: codeOfKind[fault.kind], details: fault.message, metadata };
}

const codeOfKind: Readonly<Record<FaultKind, status>> = {
  invalid: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  not_found: status.NOT_FOUND,
  conflict: status.FAILED_PRECONDITION,
  too_large: status.INVALID_ARGUMENT,
  rate_limited: status.RESOURCE_EXHAUSTED,
  busy: status.RESOURCE_EXHAUSTED,
  unreachable: status.UNAVAILABLE,
  timeout: status.DEADLINE_EXCEEDED,
  source_failed: status.INTERNAL,
  encode_failed: status.INTERNAL,
  delivery_failed: status.INTERNAL,
  worker_lost: status.INTERNAL,
  cancelled: status.CANCELLED,
  internal: status.INTERNAL,
};

// Of a peer that does not name its faults. What is missing here is `internal`.
const kindOfCode: Partial<Record<number, FaultKind>> = {
  [status.INVALID_ARGUMENT]: "invalid",
  [status.NOT_FOUND]: "not_found",
  [status.FAILED_PRECONDITION]: "conflict",
  [status.RESOURCE_EXHAUSTED]: "busy",
  // A connection that breaks shows as any of these.
  [status.UNAVAILABLE]: "unreachable",
  [status.DEADLINE_EXCEEDED]: "unreachable",
  [status.CANCELLED]: "unreachable",
  [status.INTERNAL]: "unreachable",
};

/** The Fault that a failed call stands for; the gRPC error is its cause. */
export function faultOf(error: unknown): Fault {
  if (!isServiceError(error)) return toFault(error);
  const named = trailer(error, kindTrailer);
  const kind = named && isFaultKind(named) ? named : (kindOfCode[error.code] ?? "internal");
  if (kind === "unreachable") return new Fault(kind, "the worker cannot be reached", { cause: error });
  // A worker that refuses our token is our mistake and not the client's.
  if (kind === "internal" || kind === "unauthenticated" || kind === "forbidden")
    return new Fault("internal", "unexpected failure; see the log", { cause: error });
  return new Fault(kind, error.details, { cause: error, fields: fieldsIn(error) });
}

function fieldsIn(error: ServiceError): FieldError[] {
  const several = fromJsonText(Fields, trailer(error, fieldsTrailer));
  if (several) return several;
  const field = trailer(error, fieldTrailer);
  return field ? [{ field, message: error.details.replace(`${field}: `, "") }] : [];
}

const Fields = v.pipe(v.array(v.object({ field: v.string(), message: v.string() })), v.minLength(1), v.maxLength(100));

/** Whether the peer does not implement the call. */
export const isUnimplemented = (error: unknown) => codeOf(error) === status.UNIMPLEMENTED;

/** Whether the peer refuses our token. */
export const isRefused = (error: unknown) => codeOf(error) === status.UNAUTHENTICATED;

/**
 * Whether the call failed before anything was sent, because there was no connection. Other failures leave that open.
 */
export const wasNeverSent = (error: unknown) =>
  codeOf(error) === status.UNAVAILABLE &&
  error instanceof Fault &&
  isServiceError(error.cause) &&
  error.cause.details.startsWith("No connection established");

const codeOf = (error: unknown) =>
  error instanceof Fault && isServiceError(error.cause) ? error.cause.code : undefined;

const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && "code" in error && typeof error.code === "number" && "details" in error;

const trailer = (error: ServiceError, name: string) => error.metadata?.get(name)[0]?.toString();
