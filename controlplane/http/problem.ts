import type { Context } from "hono";
import { JobFault } from "#controlplane/orders/job-fault.ts";
import { Fault, type FaultKind, toFault } from "#shared/fault.ts";
import { recordsProblem } from "#shared/records.ts";
import type { AppEnv } from "./env.ts";
import { faultStatus } from "./fault-status.ts";

/** What HTTP has words of its own for. */
const own = {
  401: { kind: "unauthenticated" },
  403: { kind: "forbidden" },
  405: { kind: "invalid", title: "Method is not allowed" },
  408: { kind: "invalid", title: "Request did not arrive in time" },
  415: { kind: "invalid", title: "Media type is not supported" },
  422: { kind: "invalid", title: "Request cannot be carried out" },
  429: { kind: "rate_limited" },
  503: { kind: "unreachable", title: "Service is not available now" },
} as const satisfies Record<number, { kind: FaultKind; title?: string }>;

/** A fault with a status, a title or header fields that its kind does not have. */
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

/** The storage of records does not answer, and so nobody can: `reason` names it. */
export const recordsAway = (reason: string) =>
  new HttpFault(
    503,
    `the records of jobs cannot be read: ${reason}`,
    { "Retry-After": retryAfterSeconds },
    { fields: [{ field: "RECORD_STORAGE", message: reason }] },
  );

/** Anything thrown, as the client may see it: RFC 9457. */
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

/** What differs from the status and the title of the fault's kind. */
function statusOf(fault: Fault) {
  if (fault instanceof HttpFault) return { ...own[fault.status], status: fault.status };
  return isRepeatable(fault) ? {} : { status: 500 as const };
}

function headersOf(fault: Fault): Record<string, string> {
  if (fault instanceof HttpFault) return fault.headers;
  return transient.includes(fault.kind) && isRepeatable(fault) ? { "Retry-After": retryAfterSeconds } : {};
}

const transient: readonly FaultKind[] = ["busy", "rate_limited", "unreachable"];

/** A client that sends everything again after a 503 must not be led to make a second job. */
const isRepeatable = (fault: Fault) =>
  !(fault instanceof JobFault) || fault.mayRepeat || faultStatus[fault.kind].status !== 503;
