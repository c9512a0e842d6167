/** A value with all of its numbers rounded to a thousandth, for comparisons of what was computed in two ways. */
export function rounded(value: unknown): unknown {
  if (typeof value === "number") return Math.round(value * 1_000) / 1_000;
  if (value instanceof Map || value instanceof Set) return [...value].map(rounded);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, rounded(inner)]));
}
