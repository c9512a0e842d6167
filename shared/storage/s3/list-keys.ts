import { isBehind } from "#shared/storage/list-part.ts";
import type { ListPart } from "#shared/storage/storage.ts";
import type { Ask } from "./client.ts";

const mostKeys = 1_000;

/** The keys below a prefix: with a part to list, one request for each thousand of it. */
export async function* listKeys(
  ask: Ask,
  from: { Bucket: string; Prefix: string },
  signal: AbortSignal,
  part?: ListPart,
): AsyncGenerator<string> {
  let left = part?.limit ?? Number.POSITIVE_INFINITY;
  let ContinuationToken: string | undefined;
  while (left > 0) {
    const page = { ...from, ContinuationToken, MaxKeys: Math.min(left, mostKeys), StartAfter: part?.after };
    const { Contents = [], NextContinuationToken } = await ask((s3, call) => s3.listObjectsV2(page, call), signal);
    const keys = Contents.flatMap(({ Key }) => Key ?? []);
    // A compatible store may not know StartAfter.
    const asked = part ? keys.filter((key) => isBehind(key, part.after)).slice(0, left) : keys;
    yield* asked;
    left -= asked.length;
    ContinuationToken = NextContinuationToken;
    if (!ContinuationToken) return;
  }
}
