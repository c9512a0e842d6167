import type { FaultKind } from "#shared/fault.ts";
import type { Cause } from "./problems.ts";

/** Of who asks, and how often. */
export const client: Cause[] = [
  "unauthenticated",
  "forbidden",
  "rate_limited",
  { kind: "unreachable", status: 503, meaning: "the token cannot be checked now" },
];
/** Of what only records can tell. */
export const recorded: Cause[] = [
  {
    kind: "unreachable",
    status: 503,
    meaning: "the storage of records does not answer; `errors` names it under RECORD_STORAGE",
  },
];
/** Of a body as it is sent. */
export const posted: Cause[] = [
  "invalid",
  "too_large",
  { kind: "invalid", status: 408, meaning: "the body did not arrive in time" },
  { kind: "invalid", status: 415, meaning: "the body is not sent as application/json, or is compressed" },
];
/** Of an order as it is sent. */
export const body: Cause[] = [
  ...posted,
  { kind: "invalid", status: 422, meaning: "the Idempotency-Key was used for another order" },
];
/** The faults between an order and its job. */
export const search: Cause[] = [
  "busy",
  "unreachable",
  {
    kind: "unreachable",
    status: 500,
    meaning:
      "the worker stopped answering after it was sent an order without Idempotency-Key: look for the job of `job_id` before you order it again",
  },
];
/** How a job may end while its client waits for it (`Prefer: wait`). */
export const whileWaiting: FaultKind[] = [
  "timeout",
  "source_failed",
  "encode_failed",
  "delivery_failed",
  "worker_lost",
  "cancelled",
];
/** Of an output that is to be removed. */
export const removing: Cause = {
  kind: "delivery_failed",
  status: 502,
  meaning: "not all could be removed, because the storage refused it; the job is still known, and it can be repeated",
};
