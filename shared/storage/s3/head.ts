import type { Ask } from "./client.ts";
import { bare } from "./confirm.ts";
import { isCausedBy } from "./faults.ts";

export type ObjectLocation = { Bucket: string | undefined; Key: string | undefined };

/** The size and the ETag of an object; undefined when there is none. */
export const head = (ask: Ask, at: ObjectLocation, signal: AbortSignal) =>
  ifThere(async () => {
    const { ContentLength = 0, ETag = "" } = await ask((s3, call) => s3.headObject(at, call), signal);
    return { bytes: ContentLength, etag: bare(ETag) };
  });

/** The result of the work; undefined when the object that it asks for does not exist. */
export async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    // An answer to HEAD has no body that could name the error: it is NotFound.
    if (isCausedBy(error, "NoSuchKey") || isCausedBy(error, "NotFound")) return undefined;
    throw error;
  }
}
