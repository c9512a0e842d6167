import { fileHash } from "#shared/storage/file-hash.ts";

/** Tells the SHA-256 of a source's file, in hex. */
export type SourceHash = () => Promise<string>;

/**
 * The hash of a source, for which its file is read when it is first asked for, and once however many ask: it has come in
 * parts, over several connections, or by an earlier attempt. Disposing of it ends that.
 */
export function makeSourceHash(path: string): Disposable & { sourceHash: SourceHash } {
  const stop = new AbortController();
  let hashing: Promise<string> | undefined;
  const begin = () => {
    const begun = fileHash(path, stop.signal);
    // Who asked may be gone by then.
    begun.catch(() => {});
    return begun;
  };
  return {
    sourceHash() {
      hashing ??= begin();
      return hashing;
    },
    [Symbol.dispose]: () => stop.abort(),
  };
}
