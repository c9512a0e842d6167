import type { Context } from "hono";
import { JobFault } from "#controlplane/jobs/job-fault.ts";
import { Fault, faultKinds, toFault } from "#shared/fault.ts";
import type { AppEnv } from "./env.ts";

/** A fault for which HTTP has a status of its own. */
export class HttpFault extends Fault {
  readonly status: 405 | 415;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: 405 | 415, message: string, headers: Readonly<Record<string, string>> = {}) {
    super("invalid", message);
    this.status = status;
    this.headers = headers;
  }
}

const ownTitles = { 405: "Method is not allowed", 415: "Media type is not supported" } as const;
const retryAfterSeconds = "5";

/** Anything thrown, as the client may see it: RFC 9457. */
export function problem(c: Context<AppEnv>, error: unknown): Response {
  const fault = toFault(error);
  const own = fault instanceof HttpFault ? fault : undefined;
  const { http, title } = faultKinds[fault.kind];
  if (fault instanceof JobFault) c.set("jobId", fault.jobId);
  return c.json(
    {
      type: `urn:flux-encoder:fault:${fault.kind}`,
      title: own ? ownTitles[own.status] : title,
      status: own?.status ?? http,
      detail: fault.message,
      instance: c.req.path,
      kind: fault.kind,
      ...(fault.fields.length > 0 && { errors: fault.fields }),
      ...(fault instanceof JobFault && { job_id: fault.jobId }),
    },
    own?.status ?? http,
    { "Content-Type": "application/problem+json", ...headersOf(fault) },
  );
}

function headersOf(fault: Fault): Record<string, string> {
  if (fault instanceof HttpFault) return fault.headers;
  if (fault.kind === "busy" || fault.kind === "rate_limited") return { "Retry-After": retryAfterSeconds };
  return fault.kind === "unauthenticated" ? { "WWW-Authenticate": "Bearer" } : {};
}
