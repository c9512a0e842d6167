import { ignoring } from "#shared/errors.ts";
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
export const ifThere = <T>(work: () => Promise<T>): Promise<T | undefined> => work().catch(ignoring(isMissing));

// An answer to HEAD has no body that could name the error: it is NotFound.
const isMissing = (error: unknown) => isCausedBy(error, "NoSuchKey") || isCausedBy(error, "NotFound");
