import type { Context } from "hono";
import { JobFault } from "#controlplane/orders/job-fault.ts";
import { Fault, type FaultKind, toFault } from "#shared/fault.ts";
import { recordsProblem } from "#shared/records.ts";
import type { AppEnv } from "./env.ts";
import { faultStatus } from "./fault-status.ts";

/** Statuses that faults of the HTTP layer have of their own. */
const own = {
  401: { kind: "unauthenticated" },
  403: { kind: "forbidden" },
  405: { kind: "invalid", title: "Method is not allowed" },
  408: { kind: "invalid", title: "Request did not arrive in time" },
  410: { kind: "not_found", title: "No longer there" },
  412: { kind: "invalid", title: "Precondition is not met" },
  415: { kind: "invalid", title: "Media type is not supported" },
  422: { kind: "invalid", title: "Request cannot be carried out" },
  429: { kind: "rate_limited" },
  503: { kind: "unreachable", title: "Service is not available now" },
} as const satisfies Record<number, { kind: FaultKind; title?: string }>;

/** A fault with a status, a title or headers other than those of its kind. */
export class HttpFault extends Fault {
  readonly status: keyof typeof own;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: keyof typeof own,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    options: ConstructorParameters<typeof Fault>[2] = {},
  ) {
    super(own[status].kind, message, options);
    this.status = status;
    this.headers = headers;
  }
}

const retryAfterSeconds = "5";

/** The fault when the storage of job records does not answer; `reason` begins with its name. */
export const recordsAway = (reason: string) =>
  new HttpFault(
    503,
    `the records of jobs cannot be read: ${reason}`,
    { "Retry-After": retryAfterSeconds },
    { fields: [{ field: "RECORD_STORAGE", message: reason }] },
  );

/** Answers with anything thrown as a problem document (RFC 9457). */
export function problem(c: Context<AppEnv>, error: unknown): Response {
  const recordsReason = recordsProblem(error);
  const fault = recordsReason === undefined ? toFault(error) : recordsAway(recordsReason);
  const { title, status } = { ...faultStatus[fault.kind], ...statusOf(fault) };
  if (fault instanceof JobFault) c.set("jobId", fault.jobId);
  return c.json(
    {
      type: `urn:flux-encoder:fault:${fault.kind}`,
      title,
      status,
      detail: fault.message,
      instance: c.req.path,
      kind: fault.kind,
      ...(fault.fields.length > 0 && { errors: fault.fields }),
      ...(fault instanceof JobFault && { job_id: fault.jobId }),
    },
    status,
    { "Content-Type": "application/problem+json", ...headersOf(fault) },
  );
}

/** The status and the title, where they differ from those of the kind. */
function statusOf(fault: Fault) {
  if (fault instanceof HttpFault) return { ...own[fault.status], status: fault.status };
  return isRepeatable(fault) ? {} : { status: 500 as const };
}

function headersOf(fault: Fault): Record<string, string> {
  if (fault instanceof HttpFault) return fault.headers;
  return transient.includes(fault.kind) && isRepeatable(fault) ? { "Retry-After": retryAfterSeconds } : {};
}

const transient: readonly FaultKind[] = ["busy", "rate_limited", "unreachable"];

/** Whether the request may be repeated: a client that repeats every 503 must not make a second job. */
const isRepeatable = (fault: Fault) =>
  !(fault instanceof JobFault) || fault.mayRepeat || faultStatus[fault.kind].status !== 503;
