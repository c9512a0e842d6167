import { lastOfEachKey, type PublishedObject } from "#shared/job/published-object.ts";
import type { Journal } from "#worker/journal/journal.ts";
import type { Publishing } from "#worker/journal/journaled.ts";

type Put = Publishing["puts"][number];

/** What a file will be once it is shown. */
export const objectOf = ({ key, bytes, sha256 }: Put): PublishedObject => ({ key, bytes, sha256 });

/**
 * All that a job has published once the last files are shown: what it has uploaded by then, without what is removed, and
 * these. Undefined when the journal does not tell of some of it, which a former version has uploaded.
 */
export async function objectsOf(
  journal: Pick<Journal, "uploadedObjects">,
  puts: readonly Put[],
  { keys, stale }: { keys: readonly string[]; stale: readonly string[] },
): Promise<PublishedObject[] | undefined> {
  const shown = puts.map(objectOf);
  const known = lastOfEachKey([...(await journal.uploadedObjects()).values(), ...shown]);
  if (!keys.every((key) => known.has(key))) return undefined;
  const removed = new Set(stale);
  return [...known.values()].filter(({ key }) => !removed.has(key));
}
