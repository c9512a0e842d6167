/** The code of a system's or a library's error, such as `ENOENT`; empty when it has none. */
export const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : "");

/** For `catch`: undefined in place of an error that is expected. Any other is thrown. */
export const ignoring =
  (isExpected: (error: unknown) => boolean) =>
  (error: unknown): undefined => {
    if (!isExpected(error)) throw error;
  };

/** What the work returns; undefined when it throws. */
export function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
