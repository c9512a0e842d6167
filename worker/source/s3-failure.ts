import { codeOf } from "#shared/errors.ts";
import { Fault } from "#shared/fault.ts";
import { RequestFailure } from "#shared/net/request-failure.ts";
import { isCausedBy, statusOf } from "#shared/storage/s3/faults.ts";

const words = {
  NoSuchKey: "does not exist in its bucket",
  NoSuchBucket: "is in a bucket that does not exist",
  AccessDenied: "may not be read with the worker's credentials",
  InvalidObjectState: "is archived; restore it first",
};

/** Whether a store refused because the object has changed since it was first requested. */
export const isChanged = (fault: unknown) =>
  isCausedBy(fault, "PreconditionFailed") || isCausedBy(fault, "InvalidRange");

/** The failure of a source that a fault of the store stands for. */
export function toS3Failure(error: unknown): unknown {
  if (!(error instanceof Fault)) return error;
  const { cause, message } = error;
  const known = Object.entries(words).find(([name]) => isCausedBy(error, name))?.[1];
  return new RequestFailure(known ?? `cannot be fetched: ${message}`, { cause, transient: isTransient(cause) });
}

function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined ? isOfNetwork(error) : status >= 500 || status === 429;
}

const isOfNetwork = (error: unknown) =>
  error instanceof Error && (error.name === "TimeoutError" || /^E[A-Z_]+$/.test(codeOf(error)));
