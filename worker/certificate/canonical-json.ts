/** A value as JSON without blanks, the fields of objects in the order of their names (RFC 8785): the same for the same value. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, (_, part) => sorted(part));

function sorted(part: unknown): unknown {
  if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
}
