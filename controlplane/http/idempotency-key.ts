import { invalidField } from "#shared/fault.ts";

export const idempotencyHeader = "Idempotency-Key";

const longest = 255;
const quoted = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;
const bare = /^[!#-~]+$/;

/** Reads an Idempotency-Key header: a string as RFC 8941 writes it, or the same without quotes and spaces. */
export function idempotencyKeyIn(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = quoted.exec(header)?.[1]?.replace(/\\(.)/g, "$1") ?? (bare.test(header) ? header : "");
  if (key.length === 0 || key.length > longest)
    throw invalidField(idempotencyHeader, `use 1 to ${longest} ASCII characters, in double quotes if there are spaces`);
  return key;
}
