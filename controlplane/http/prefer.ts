const preference = /([\w!#$%&'*+.^`|~-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?[^,]*/g;

/** Reads the `wait` of a Prefer header (RFC 7240) in seconds; Infinity when it has no value, undefined without it. */
export function waitIn(header: string | undefined): number | undefined {
  for (const [, name, quoted, bare] of (header ?? "").matchAll(preference)) {
    if (name?.toLowerCase() !== "wait") continue;
    const value = quoted ?? bare ?? "";
    if (value === "") return Number.POSITIVE_INFINITY;
    return /^\d+$/.test(value) ? Number(value) : undefined;
  }
  return undefined;
}
