import { Fault } from "#shared/fault.ts";

const maxKeyBytes = 1024;
// File systems do not take longer names.
const maxSegmentBytes = 255;

const bytesOf = (text: string) => Buffer.byteLength(text);

/** What is wrong with a key; undefined when it is relative, has `/` between its segments and fits every storage. */
export function keyProblem(key: string): string | undefined {
  if (key === "") return "must not be empty";
  if (key.startsWith("/")) return "must not be absolute";
  if (/[\p{Cc}\\]/u.test(key)) return "must not contain control characters or backslashes";
  if (!key.isWellFormed()) return "must be valid Unicode";
  if (bytesOf(key) > maxKeyBytes) return `must be at most ${maxKeyBytes} bytes`;
  return key.split("/").map(segmentProblem).find(Boolean);
}

function segmentProblem(segment: string): string | undefined {
  if (segment === "") return "must not contain empty segments";
  if (segment === "." || segment === "..") return "must not contain . or .. as a segment";
  if (bytesOf(segment) > maxSegmentBytes) return `must not contain a segment over ${maxSegmentBytes} bytes`;
  return undefined;
}

export function checkedKey(key: string): string {
  const problem = keyProblem(key);
  if (problem) throw new Fault("invalid", `the path ${problem}`);
  return key;
}

/**
 * What is wrong with an output's path, which is a key or a folder ending in `/`. It may not be among the records, nor among
 * the uploads where there are any.
 */
export function pathProblem(path: string, recordPrefix: string, uploadPrefix?: string): string | undefined {
  const key = path.replace(/\/$/, "");
  if (overlap(key, recordPrefix)) return keyProblem(key) ?? "must not lie where records of jobs are kept";
  if (uploadPrefix !== undefined && overlap(key, uploadPrefix))
    return keyProblem(key) ?? "must not lie where uploads are kept";
  return keyProblem(key);
}

/** Whether one of two keys is the other, or a folder that holds it. */
export const overlap = (a: string, b: string) => `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);

/** Throws unless this is the prefix of a folder, which ends in `/`. */
export function checkedPrefix(prefix: string): string {
  if (!prefix.endsWith("/")) throw new Fault("invalid", "the folder must end in /");
  checkedKey(prefix.slice(0, -1));
  return prefix;
}

/** The URL of a key below a base URL. The segments of the key are percent-encoded. */
export const urlBelow = (base: string, key: string) =>
  `${base.replace(/\/+$/, "")}/${key.split("/").map(encodeURIComponent).join("/")}`;
