import { createHash } from "node:crypto";
import { retry } from "#shared/async/retry.ts";
import { requestBackoff } from "#shared/storage/request-limits.ts";
import type { Content } from "#shared/storage/storage.ts";
import type { Ask } from "./client.ts";
import { isCausedBy } from "./faults.ts";
import { head, ifThere, type ObjectLocation } from "./head.ts";

// A cut connection costs no more than a part.
const partBytes = 8 * 2 ** 20;
const attempts = 4;

/** Compares the content of an object, which is read part by part only where its size is the same. */
export async function compareObject(ask: Ask, at: ObjectLocation, { bytes, sha256 }: Content, signal: AbortSignal) {
  const found = await head(ask, at, signal);
  if (!found) return "missing";
  if (found.bytes !== bytes) return "different";
  try {
    const hash = await ifThere(() => hashOf(ask, { ...at, IfMatch: `"${found.etag}"` }, bytes, signal));
    if (hash === undefined) return "missing";
    return hash === sha256 ? "same" : "different";
  } catch (error) {
    // Another has replaced it meanwhile.
    if (isCausedBy(error, "PreconditionFailed")) return "different";
    throw error;
  }
}

type Wanted = ObjectLocation & { IfMatch: string };

async function hashOf(ask: Ask, object: Wanted, bytes: number, signal: AbortSignal) {
  const hash = createHash("sha256");
  for (let start = 0; start < bytes; start += partBytes) {
    const end = Math.min(start + partBytes, bytes) - 1;
    hash.update(await readPart(ask, { ...object, Range: `bytes=${start}-${end}` }, end - start + 1, signal));
  }
  return hash.digest("hex");
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
