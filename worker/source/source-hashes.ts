import { createHash } from "node:crypto";
import { makeSourceHash, type SourceHash } from "./source-hash.ts";

/**
 * The hashes of all sources of a film, each as `makeSourceHash` has it, and one that tells the film by them and by what is
 * taken of each; of a source alone its own.
 */
export function makeSourceHashes(
  sources: readonly { path: string; clip?: object | undefined }[],
): Disposable & { each: readonly SourceHash[]; ofAll: SourceHash } {
  const stack = new DisposableStack();
  const each = sources.map(({ path }) => stack.use(makeSourceHash(path)).sourceHash);
  const [first] = each;
  return {
    each,
    ofAll:
      first && each.length === 1 ? first : async () => hashOf(await Promise.all(each.map((hash) => hash())), sources),
    [Symbol.dispose]: () => stack.dispose(),
  };
}

const hashOf = (hashes: readonly string[], sources: readonly { clip?: object | undefined }[]) =>
  createHash("sha256")
    .update(JSON.stringify(hashes.map((hash, at) => [hash, sources[at]?.clip ?? null])))
    .digest("hex");
