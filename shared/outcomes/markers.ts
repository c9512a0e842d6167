import { createHash } from "node:crypto";
import { isJobId, newestFirst, timeOf } from "#shared/job/id.ts";
import type { Order } from "#shared/job/order.ts";
import { isFinal, type JobStatus } from "#shared/job/status.ts";

/**
 * The folders of markers below `<RECORD_PREFIX>/outcomes/`: one for each final state, one for all jobs that have ended,
 * and one for jobs that were accepted and have not ended.
 */
export const markerFolders = ["running", "ended", "completed", "failed", "cancelled"] as const;
export type MarkerFolder = (typeof markerFolders)[number];

/** What the name of a marker tells about a job. */
export type Marker = {
  jobId: string;
  /** When the job was made, in Unix milliseconds; when it was recorded, where its id does not tell. */
  at: number;
  /** The tenant and the preset as `markerField` writes them. */
  tenant: string;
  preset: string;
};

type Named = Pick<Order, "jobId" | "preset" | "tenant">;

/** The folders with a marker for a job in this state. */
export const foldersFor = (status: JobStatus): MarkerFolder[] =>
  isFinal(status) ? ["ended", ...markerFolders.filter((folder) => folder === status)] : ["running"];

const latest = 9_999_999_999_999;
const digits = 13;

/** What sorts before the names of all markers of this time, and behind those of later ones. */
export const nameAt = (ms: number) => String(Math.min(latest, Math.max(0, latest - ms))).padStart(digits, "0");

/** The name of a job's marker. Names sort by time, the newest first. */
export const markerName = ({ jobId, tenant = "", preset }: Named, at: number) =>
  `${nameAt(at)}-${jobId}~${markerField(tenant)}~${markerField(preset)}`;

const namePattern = new RegExp(`^(\\d{${digits}})-([\\w-]{1,64})~([^~]*)~([^~]*)$`);

/** Reads the name of a marker; undefined for other names. */
export function parseMarker(name: string): Marker | undefined {
  const [, time, jobId = "", tenant = "", preset = ""] = namePattern.exec(name) ?? [];
  return time && isJobId(jobId) ? { jobId, at: latest - Number(time), tenant, preset } : undefined;
}

const longestField = 80;

/**
 * A tenant or preset in the name of a marker: percent-encoded without `~`, which separates. For one that would be too
 * long for a file name it is a hash, after `=`, which the encoding leaves to no other.
 */
export function markerField(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed()).replace(/[~!*'()]/g, percentEncoded);
  return encoded.length <= longestField ? encoded : `=${createHash("sha256").update(text).digest("hex")}`;
}

const percentEncoded = (sign: string) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;

/** Compares job ids to sort the newest first. Ids that are not ours may be alike to `newestFirst`. */
export const idsNewestFirst = (a: string, b: string) => newestFirst(a, b) || (a < b ? 1 : a > b ? -1 : 0);

/** The order of markers: the newest first, and jobs of the same millisecond as lists show them. */
export const markersNewestFirst = (a: Marker, b: Marker) => b.at - a.at || idsNewestFirst(a.jobId, b.jobId);

/** When a job's marker says that it was made; `now` where its id does not tell. */
export const markerTime = (jobId: string, now: number) => timeOf(jobId) ?? now;
