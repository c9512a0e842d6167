import type { FaultKind } from "#shared/fault.ts";

/** The HTTP status of each kind of fault, and its title in a problem's body (RFC 9457). */
export const faultStatus = {
  invalid: { status: 400, title: "Request is not valid" },
  unauthenticated: { status: 401, title: "Credentials are missing or wrong" },
  forbidden: { status: 403, title: "Not allowed" },
  not_found: { status: 404, title: "Not found" },
  conflict: { status: 409, title: "State does not allow this" },
  too_large: { status: 413, title: "Request is too large" },
  rate_limited: { status: 429, title: "Too many requests" },
  busy: { status: 503, title: "Every worker is busy" },
  unreachable: { status: 503, title: "No worker can be reached" },
  timeout: { status: 504, title: "Job ran out of time" },
  source_failed: { status: 422, title: "Source cannot be used" },
  encode_failed: { status: 422, title: "Source cannot be encoded" },
  delivery_failed: { status: 502, title: "Output cannot be delivered" },
  worker_lost: { status: 500, title: "The job's worker is gone" },
  cancelled: { status: 409, title: "Job was cancelled" },
  internal: { status: 500, title: "Unexpected failure" },
} as const satisfies Record<FaultKind, { status: number; title: string }>;
