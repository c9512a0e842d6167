import { type IncomingHttpHeaders, STATUS_CODES } from "node:http";
import { RequestFailure } from "#worker/net/request-failure.ts";

/** What is here of a source; `validator` names the version that it is part of, where the server tells. */
export type Part = { bytes: number; total?: number; validator?: string };

export const nothing: Part = { bytes: 0 };

/**
 * Headers that ask for what is missing, up to `end` where that is given, on condition that the version is still the
 * same (RFC 9110, section 13.1.5).
 */
export const rangeHeaders = ({ bytes, validator }: Part, end?: number): Record<string, string> =>
  validator !== undefined && (bytes > 0 || end !== undefined)
    ? { range: `bytes=${bytes}-${end === undefined ? "" : end - 1}`, "if-range": validator }
    : {};

type Head = { status: number; headers: IncomingHttpHeaders };

/** The part that an answer's body is to follow: nothing when all of it comes, undefined when it does not fit. */
export function partBefore(held: Part, { status, headers }: Head): Part | undefined {
  if (status === 416 || status === 412) return undefined;
  if (status < 200 || status > 299) throw refusal(status);
  return status === 206 ? continued(held, headers) : { bytes: 0, ...lengthOf(headers), ...validatorOf(headers) };
}

function refusal(status: number): RequestFailure {
  const transient = status >= 500 || status === 429 || status === 408;
  return new RequestFailure(`answered ${[status, STATUS_CODES[status]].join(" ").trim()}`, { transient });
}

function continued(held: Part, headers: IncomingHttpHeaders): Part | undefined {
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

/** A strong ETag, or a Last-Modified that is a second older than the answer (RFC 9110, section 8.8.2.2). */
function validatorOf({ etag, date, "last-modified": modified }: IncomingHttpHeaders): { validator?: string } {
  if (etag?.startsWith('"')) return { validator: etag };
  const isStrong = modified !== undefined && Date.parse(date ?? "") - Date.parse(modified) >= 1_000;
  return isStrong ? { validator: modified } : {};
}
