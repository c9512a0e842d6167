import { createHash } from "node:crypto";
import { invalidField } from "#shared/fault.ts";

const prefixLength = 8;

/** What the job ids of a worker begin with: the first 8 hex digits of the SHA-256 of its address. */
export const prefixOf = (address: string) => createHash("sha256").update(address).digest("hex").slice(0, prefixLength);

/**
 * Makes a job id. It names the worker that holds the job, so that any control plane finds the worker without a
 * database.
 */
export const jobIdAt = (address: string, uuid: string) => `${prefixOf(address)}-${uuid}`;

/** The worker that a job id names, of these addresses; undefined when it is none of them. */
export const ownerOf = (jobId: string, addresses: readonly string[]) =>
  jobId[prefixLength] === "-"
    ? addresses.find((address) => prefixOf(address) === jobId.slice(0, prefixLength))
    : undefined;

/** The id of a job that waits for a worker: it names none, and stays the job's id when a worker has taken it. */
export const waitingId = (uuid: string) => `${noWorker}-${uuid}`;

/** Whether an id is one that `waitingId` makes of a UUID v7. */
export const isWaitingId = (jobId: string) => waitingPattern.test(jobId);

const noWorker = "0".repeat(prefixLength);
const waitingPattern = /^0{8}-[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

export const isJobId = (text: string) => idPattern.test(text);

/** Checks a job id, which becomes a directory and part of a key: only letters, digits, `_` and `-` are allowed. */
export function checkedJobId(jobId: string): string {
  if (!isJobId(jobId)) throw invalidField("job_id", "use 1 to 64 of the characters A-Z a-z 0-9 _ -");
  return jobId;
}

/** Our own job ids end in a UUID v7, whose first 48 bits are Unix milliseconds (RFC 9562, section 5.7). */
export const ownIdPattern = /^[\w-]{0,28}([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** When the job was made, in Unix milliseconds; undefined for an id that is not one of ours. */
export function timeOf(jobId: string): number | undefined {
  const [, high, low] = ownIdPattern.exec(jobId) ?? [];
  return high && low ? Number.parseInt(high + low, 16) : undefined;
}

/** Compares job ids to sort the newest first, whichever workers they name. */
export const newestFirst = (a: string, b: string) => {
  const [left, right] = [a.slice(prefixLength), b.slice(prefixLength)];
  return left < right ? 1 : left > right ? -1 : 0;
};
