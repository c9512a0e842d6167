import { retry } from "#shared/async/retry.ts";
import { requestBackoff } from "#shared/storage/request-limits.ts";
import type { Ask } from "./client.ts";
import { head, ifThere, type ObjectLocation } from "./head.ts";

// A cut connection costs no more than a part.
const partBytes = 8 * 2 ** 20;
const attempts = 4;

type Wanted = ObjectLocation & { IfMatch: string };

/**
 * What `take` makes of an object, which is read part by part; undefined when there is none. Its content throws
 * `PreconditionFailed` when another object takes the place meanwhile.
 */
export async function readObject<T>(
  ask: Ask,
  at: ObjectLocation,
  signal: AbortSignal,
  take: (content: AsyncIterable<Uint8Array>, bytes: number) => Promise<T>,
): Promise<T | undefined> {
  const found = await head(ask, at, signal);
  if (!found) return undefined;
  const { bytes, etag } = found;
  return await ifThere(() => take(parts(ask, { ...at, IfMatch: `"${etag}"` }, bytes, signal), bytes));
}

async function* parts(ask: Ask, object: Wanted, bytes: number, signal: AbortSignal) {
  for (let start = 0; start < bytes; start += partBytes) {
    const end = Math.min(start + partBytes, bytes) - 1;
    yield await readPart(ask, { ...object, Range: `bytes=${start}-${end}` }, end - start + 1, signal);
  }
}

/** Reads a part; again when it breaks off, because the SDK repeats only what was not answered at all. */
async function readPart(ask: Ask, part: Wanted & { Range: string }, bytes: number, signal: AbortSignal) {
  let isAnswered = false;
  const read = () =>
    ask(async (s3, call) => {
      isAnswered = false;
      const { Body } = await s3.getObject(part, call);
      isAnswered = true;
      const content = await Body?.transformToByteArray();
      if (content?.length !== bytes) throw new Error(`the storage sent ${content?.length} of ${bytes} bytes`);
      return content;
    }, signal);
  return await retry(read, { ...requestBackoff, firstPauseMs: 200, attempts, signal, isRetryable: () => isAnswered });
}
