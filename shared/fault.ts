import { status } from "@grpc/grpc-js";

const kinds = {
  invalid: { http: 400, grpc: status.INVALID_ARGUMENT, title: "Request is not valid" },
  unauthenticated: { http: 401, grpc: status.UNAUTHENTICATED, title: "Credentials are missing or wrong" },
  forbidden: { http: 403, grpc: status.PERMISSION_DENIED, title: "Not allowed" },
  not_found: { http: 404, grpc: status.NOT_FOUND, title: "Not found" },
  conflict: { http: 409, grpc: status.FAILED_PRECONDITION, title: "State does not allow this" },
  too_large: { http: 413, grpc: status.INVALID_ARGUMENT, title: "Request is too large" },
  rate_limited: { http: 429, grpc: status.RESOURCE_EXHAUSTED, title: "Too many requests" },
  busy: { http: 503, grpc: status.RESOURCE_EXHAUSTED, title: "Every worker is busy" },
  unreachable: { http: 503, grpc: status.UNAVAILABLE, title: "No worker can be reached" },
  timeout: { http: 504, grpc: status.DEADLINE_EXCEEDED, title: "Job ran out of time" },
  source_failed: { http: 422, grpc: status.INTERNAL, title: "Source cannot be used" },
  encode_failed: { http: 422, grpc: status.INTERNAL, title: "Source cannot be encoded" },
  delivery_failed: { http: 502, grpc: status.INTERNAL, title: "Output cannot be delivered" },
  worker_lost: { http: 500, grpc: status.INTERNAL, title: "The job's worker is gone" },
  cancelled: { http: 409, grpc: status.CANCELLED, title: "Job was cancelled" },
  internal: { http: 500, grpc: status.INTERNAL, title: "Unexpected failure" },
} as const;

export type FaultKind = keyof typeof kinds;
export const faultKinds = kinds;

/** What is wrong with one field of a request or one setting, by its name as the user wrote it. */
export type FieldError = { field: string; message: string };

type FaultOptions = ErrorOptions & { fields?: readonly FieldError[] };

/** An expected failure. `message` is safe to show a client; `cause` is for the log only. */
export class Fault extends Error {
  override name = "Fault";
  readonly kind: FaultKind;
  readonly fields: readonly FieldError[];

  constructor(kind: FaultKind, message: string, { fields = [], ...options }: FaultOptions = {}) {
    super(message, options);
    this.kind = kind;
    this.fields = fields;
  }
}

export const isFaultKind = (text: string): text is FaultKind => Object.hasOwn(kinds, text);
export const faultKindNames = Object.keys(kinds).filter(isFaultKind);

/** The fault that anything thrown stands for; what is not a Fault says nothing to a client. */
export const toFault = (error: unknown): Fault =>
  error instanceof Fault ? error : new Fault("internal", "unexpected failure; see the log", { cause: error });

/** One field's fault: the message names it and `fields` holds it. */
export const invalidField = (field: string, message: string) =>
  new Fault("invalid", `${field}: ${message}`, { fields: [{ field, message }] });

/** Runs every check and throws all that they find wrong as one Fault, of the kind of the first. */
export function checkAll(...checks: readonly (() => unknown)[]): void {
  const faults = checks.flatMap((check) => faultIn(check) ?? []);
  const [first] = faults;
  if (!first) return;
  if (faults.length === 1) throw first;
  const fields = faults.flatMap((fault) => fault.fields);
  throw new Fault(first.kind, faults.map(({ message }) => message).join("; "), { cause: first.cause, fields });
}

/** The Fault that a check throws, if it does. */
export function faultIn(check: () => unknown): Fault | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}
