import { createHash } from "node:crypto";
import { Fault } from "#shared/fault.ts";

const prefixLength = 8;

/** What an address's job ids begin with: the first 8 hex digits of its sha256. */
export const prefixOf = (address: string) => createHash("sha256").update(address).digest("hex").slice(0, prefixLength);

/** A job id names the worker that holds the job, so any control plane finds it without a database. */
export const jobIdAt = (address: string, uuid: string) => `${prefixOf(address)}-${uuid}`;

/** The address among these whose worker a job id names. */
export const ownerOf = (jobId: string, addresses: readonly string[]) =>
  jobId[prefixLength] === "-"
    ? addresses.find((address) => prefixOf(address) === jobId.slice(0, prefixLength))
    : undefined;

const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

export const isJobId = (text: string) => idPattern.test(text);

/** A job id becomes a directory and part of a key: anything but letters, digits, `_` and `-` is refused. */
export function checkedJobId(jobId: string): string {
  if (!isJobId(jobId)) {
    const message = "use 1 to 64 of the characters A-Z a-z 0-9 _ -";
    throw new Fault("invalid", `job_id: ${message}`, { fields: [{ field: "job_id", message }] });
  }
  return jobId;
}

/** The job ids that are made here end in a UUID v7, whose first 48 bits are Unix milliseconds (RFC 9562, section 5.7). */
export const ownIdPattern = /^[\w-]{0,28}([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** When the job was made in Unix milliseconds, or undefined for an id that is not one of ours. */
export function timeOf(jobId: string): number | undefined {
  const [, high, low] = ownIdPattern.exec(jobId) ?? [];
  return high && low ? Number.parseInt(high + low, 16) : undefined;
}

/** Sorts job ids newest first, whichever worker they name. */
export const newestFirst = (a: string, b: string) => {
  const [left, right] = [a.slice(prefixLength), b.slice(prefixLength)];
  return left < right ? 1 : left > right ? -1 : 0;
};
