import { Fault } from "#shared/fault.ts";

type Metadata = Readonly<Record<string, string>>;

// S3 counts the bytes of keys and values together.
const maxBytes = 2048;

const isPlain = (value: string) => /^[\x20-\x7e]*$/.test(value) && !value.includes("%") && value === value.trim();

/**
 * Values as HTTP headers can carry them. Printable ASCII without `%`, and without blanks at its ends, stays as it is;
 * anything else is percent-encoded as UTF-8. A reader that decodes every value gets back what was given.
 */
export const encodedMetadata = (metadata: Metadata): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key, isPlain(value) ? value : encodeURIComponent(value)]),
  );

/** What is wrong with an output's metadata; undefined when it fits every storage. */
export function metadataProblem(metadata: Metadata): string | undefined {
  const entries = Object.entries(metadata);
  if (!entries.every(([key]) => /^[A-Za-z0-9_-]{1,64}$/.test(key))) {
    return "names must be 1 to 64 of the characters A-Z a-z 0-9 _ -";
  }
  if (!entries.every(([, value]) => value.isWellFormed())) return "values must be valid Unicode";
  const bytes = Object.entries(encodedMetadata(metadata)).reduce((sum, pair) => sum + pair.join("").length, 0);
  return bytes > maxBytes ? `must be at most ${maxBytes} bytes when percent-encoded` : undefined;
}

export function checkedMetadata(metadata: Metadata): Metadata {
  const problem = metadataProblem(metadata);
  if (problem) throw new Fault("invalid", `metadata ${problem}`);
  return metadata;
}
