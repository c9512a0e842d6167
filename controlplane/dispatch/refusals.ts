import { idempotencyHeader } from "#controlplane/http/idempotency-key.ts";
import { isExhausted } from "#shared/exhausted.ts";
import { Fault, type FaultKind, toFault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { wasNeverSent } from "#shared/rpc/fault-status.ts";

/**
 * Why a worker did not take an order. `full`: it has no room. `later`: it is draining or busy for a moment, so that
 * asking again soon may help. `broken`: it answers that it cannot take jobs. `failed`: it does not answer. `unable`:
 * it is of a former version, which does not know what it was asked for. A fault: the order asks for what this worker
 * lacks, and another may have.
 */
export type Refusal = "full" | "later" | "broken" | "failed" | "unable" | Fault;

export const isRefusal = (answer: object | Refusal): answer is Refusal =>
  typeof answer === "string" || answer instanceof Fault;

/**
 * The refusal that a failed call means; undefined when the worker may have accepted the job. Throws what is wrong with
 * the order itself.
 */
export function refusalIn(fault: Fault, mayHaveIt: boolean): Refusal | undefined {
  if (handOverFields.includes(fault.fields[0]?.field ?? "")) return fault;
  // Of two submissions with one key at once, the second finds the job of the first when it asks again.
  if (isExhausted(fault) && !mayHaveIt) return "full";
  if (fault.kind === "busy" || isKeyTaken(fault)) return "later";
  // A worker that accepted the job earlier may answer anything else in the meantime.
  if (mayHaveIt) return undefined;
  if (fault.kind === "internal") return "broken";
  if (fault.kind === "unreachable") return wasNeverSent(fault) ? "failed" : undefined;
  const blamed = clientsFault(fault);
  if (blamed.fields.some(({ field }) => workersOwn.includes(field))) return blamed;
  throw blamed;
}

/**
 * The fields whose faults depend on the settings and the ffmpeg of the worker that was asked. Of other fields a worker that
 * knows them says what is wrong at every worker.
 */
const workersOwn = [
  ...["preset", "output.storage", "output.certificate", "callback_url", "RECORD_STORAGE"],
  ...["measure", "quality", "workers"],
];

/** The fields of a refusal of a waiting order's hand-over: the worker has no job of this id then, whatever came before. */
const handOverFields = ["queue_try", "queue_end"];

const expected: readonly FaultKind[] = ["invalid", "not_found", "conflict", "busy"];

/** Logs a refusal. Mistakes of clients and sleeping machines are frequent: they get a line without a stack. */
export function logRefusal(log: Log, error: unknown, about: object, message: string) {
  const { kind, message: reason, cause } = toFault(error);
  if (expected.includes(kind)) log.info({ ...about, kind, reason }, message);
  else if (kind === "unreachable") log.warn({ ...about, kind, reason: wordsOf(cause) ?? reason }, message);
  else log.warn({ err: error, ...about }, message);
}

const wordsOf = (cause: unknown) => (cause instanceof Error ? cause.message : undefined);

const isKeyTaken = ({ kind, fields }: Fault) => kind === "conflict" && fields[0]?.field === idempotencyHeader;

function clientsFault({ kind, message, fields, cause }: Fault): Fault {
  const blamed = kind === "not_found" && fields.length === 0 ? [{ field: "preset", message }] : fields;
  return new Fault(kind, message, { cause, fields: blamed });
}
