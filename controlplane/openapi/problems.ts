import * as v from "valibot";
import { faultStatus } from "#controlplane/http/fault-status.ts";
import { described, describedUrl, optional } from "#shared/described.ts";
import { type FaultKind, faultKinds } from "#shared/fault.ts";
import { withHeaders } from "./headers.ts";

/** The problem document (RFC 9457) that every error is answered with. */
export const Problem = v.object({
  type: describedUrl(v.string(), "A URN that names the kind.", "urn:flux-encoder:fault:invalid"),
  title: described(v.string(), "The kind in words.", "Request is not valid"),
  status: described(v.number(), "The HTTP status.", 400),
  detail: described(v.string(), "What went wrong, for people.", "preset: is required"),
  instance: describedUrl(v.string(), "The path that was asked for.", "/api/v1/jobs", "uri-reference"),
  kind: described(v.picklist(faultKinds), "The kind of fault, for programs.", "invalid"),
  errors: v.exactOptional(
    v.array(
      v.object({
        field: described(v.string(), "The field as the request names it.", "preset"),
        message: described(v.string(), "What is wrong with it.", "is required"),
      }),
    ),
  ),
  job_id: optional(v.string(), "The job that failed, or may exist.", "1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90"),
});

const meanings: Record<FaultKind, string> = {
  invalid: "the request is wrong; `errors` names each field and why",
  unauthenticated: "the API key is missing or wrong",
  forbidden: "the client may not do this",
  not_found: "there is no such job or preset",
  conflict: "the job has ended, is being published or cannot be repeated, or the destination holds another output",
  too_large: "the body is over 1 MiB",
  rate_limited: "too many requests; try again after Retry-After seconds",
  busy: "every worker that answered is full, out of disk or draining; try again after Retry-After seconds",
  unreachable: "no worker that could answer did; try again after Retry-After seconds",
  timeout: "the job's deadline passed",
  source_failed: "the source cannot be fetched, or is not media",
  encode_failed: "ffmpeg failed, or its output did not verify; `detail` carries the last lines that ffmpeg wrote",
  delivery_failed: "the storage refused the output, after retries",
  worker_lost: "the job's worker is gone and nobody can finish the job",
  cancelled: "the job was cancelled while the client waited",
  internal: "anything else; the log has the cause",
};

/** A kind of fault with a status other than its own. */
type Special = { kind: FaultKind; status: number; meaning: string };
export type Cause = FaultKind | Special;

/** The answers with these kinds of faults, by status. */
export function problems(...causes: readonly Cause[]) {
  const cases = [...causes, "internal" as const].map((cause) =>
    typeof cause === "string" ? { kind: cause, status: faultStatus[cause].status, meaning: meanings[cause] } : cause,
  );
  const byStatus = Object.groupBy(cases, ({ status }) => status);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, cases = []]) => [
      status,
      { ...answerOf(cases), headers: headersAt[status] ?? {} },
    ]),
  );
}

const answerOf = (cases: readonly Special[]) => ({
  description: cases.map(({ kind, meaning }) => `\`${kind}\`: ${meaning}`).join(". "),
  content: {
    "application/problem+json": {
      // One schema for all: descriptions tell the kinds apart, and generators make a single type.
      schema: { $ref: "#/components/schemas/Problem" },
    },
  },
});

const headersAt: Readonly<Record<string, Record<string, object>>> = {
  401: withHeaders("WWW-Authenticate"),
  403: withHeaders("WWW-Authenticate"),
  429: withHeaders("Retry-After"),
  503: withHeaders("Retry-After"),
};
