import { type IncomingHttpHeaders, STATUS_CODES } from "node:http";
import type { Answer } from "#shared/net/guarded-request.ts";
import { RequestFailure } from "#shared/net/request-failure.ts";

/** Asks for a source, or for the range of it that headers name as HTTP does. */
export type RequestSource = (headers: Record<string, string>, signal: AbortSignal) => Promise<Answer>;

/** How much of a source has arrived. */
export type PartialSource = {
  bytes: number;
  /** The size of the whole source; absent when the server does not tell. */
  total?: number;
  /** An ETag or date that names the version of the source; absent when the server tells none. */
  validator?: string;
};

export const nothing: PartialSource = { bytes: 0 };

/**
 * Headers that ask for what is missing, up to the offset `end` if it is given, on condition that the version is still
 * the same (RFC 9110, section 13.1.5).
 */
export const rangeHeaders = ({ bytes, validator }: PartialSource, end?: number): Record<string, string> =>
  validator !== undefined && (bytes > 0 || end !== undefined)
    ? { range: `bytes=${bytes}-${end === undefined ? "" : end - 1}`, "if-range": validator }
    : {};

/** The range that an answer brings of a version that a strong ETag names; undefined where it brings none. */
export function rangeOf({ status, headers }: Head): { from: number; total: number; etag: string } | undefined {
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers["content-range"] ?? "") ?? [];
  const { etag } = headers;
  if (status >= 300) throw refusal(status);
  if (status !== 206 || from === undefined || !etag?.startsWith('"')) return undefined;
  return { from: Number(from), total: Number(total), etag };
}

type Head = { status: number; headers: IncomingHttpHeaders };

/** What the body of an answer continues: nothing when it is the whole source, undefined when it fits nowhere. */
export function partBefore(held: PartialSource, { status, headers }: Head): PartialSource | undefined {
  if (status === 416 || status === 412) return undefined;
  if (status < 200 || status > 299) throw refusal(status);
  return status === 206 ? continued(held, headers) : { bytes: 0, ...lengthOf(headers), ...validatorOf(headers) };
}

function refusal(status: number): RequestFailure {
  const transient = status >= 500 || status === 429 || status === 408;
  return new RequestFailure(`answered ${[status, STATUS_CODES[status]].join(" ").trim()}`, { transient });
}

function continued(held: PartialSource, headers: IncomingHttpHeaders): PartialSource | undefined {
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "") ?? [];
  const all = total === "*" ? held.total : Number(total);
  const { validator = held.validator } = validatorOf(headers);
  const fits =
    Number(first) === held.bytes && validator === held.validator && (held.total === undefined || all === held.total);
  return fits ? { ...held, ...(all !== undefined && { total: all }) } : undefined;
}

function lengthOf(headers: IncomingHttpHeaders): { total?: number } {
  const length = headers["content-length"];
  return length === undefined ? {} : { total: Number(length) };
}

/** A strong ETag, or a Last-Modified at least a second older than the answer (RFC 9110, section 8.8.2.2). */
function validatorOf({ etag, date, "last-modified": modified }: IncomingHttpHeaders): { validator?: string } {
  if (etag?.startsWith('"')) return { validator: etag };
  const isStrong = modified !== undefined && Date.parse(date ?? "") - Date.parse(modified) >= 1_000;
  return isStrong ? { validator: modified } : {};
}
