/** Every kind of fault. The status codes of HTTP and gRPC are in `controlplane/http/` and `shared/rpc/`. */
export const faultKinds = [
  "invalid",
  "unauthenticated",
  "forbidden",
  "not_found",
  "conflict",
  "too_large",
  "rate_limited",
  "busy",
  "unreachable",
  "timeout",
  "source_failed",
  "encode_failed",
  "delivery_failed",
  "worker_lost",
  "cancelled",
  "internal",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export const isFaultKind = (text: string): text is FaultKind => faultKinds.some((kind) => kind === text);

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

export const isFault = (error: unknown, kind: FaultKind): error is Fault =>
  error instanceof Fault && error.kind === kind;

/** The fault that anything thrown stands for; what is not a Fault says nothing to a client. */
export const toFault = (error: unknown): Fault =>
  error instanceof Fault ? error : new Fault("internal", "unexpected failure; see the log", { cause: error });

/** One field's fault: the message names it and `fields` holds it. */
export const fieldFault = (kind: FaultKind, field: string, message: string, options: ErrorOptions = {}) =>
  new Fault(kind, `${field}: ${message}`, { ...options, fields: [{ field, message }] });

export const invalidField = (field: string, message: string) => fieldFault("invalid", field, message);

/** The same fault said of this field alone, whatever field a check that knows nothing but a value has named. */
export const saidOf = (field: string, { kind, message, fields, cause }: Fault) =>
  fieldFault(kind, field, fields[0]?.message ?? message, { cause });

/** The same of several fields: the message names each. */
export const invalidFields = (fields: readonly FieldError[]) =>
  new Fault("invalid", fields.map(({ field, message }) => `${field}: ${message}`).join("; "), { fields });

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
