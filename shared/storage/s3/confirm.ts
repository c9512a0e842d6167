import { createHash } from "node:crypto";
import { Fault } from "#shared/fault.ts";

/** What a store says of a put, or of the end of a multipart upload. */
type Answer = {
  ETag?: string | undefined;
  ServerSideEncryption?: string | undefined;
  SSECustomerAlgorithm?: string | undefined;
};

/** Throws unless an answer stands for content of this digest; `readBack` gives the digest of what the store has. */
export type Confirm = (answer: Answer, digest: string, readBack: () => Promise<string>) => Promise<void>;

/**
 * Without an ETag nothing was confirmed. One that looks like the MD5 of other content may be no digest at all in this
 * store: the content is read back then, and once it proves right its ETags are not compared any more.
 */
export function makeConfirm(): Confirm {
  let areDigests = true;
  return async (answer, digest, readBack) => {
    if (!answer.ETag) throw new Fault("delivery_failed", "the storage did not confirm the upload: it gave no ETag");
    const etag = bare(answer.ETag);
    if (etag === digest || !areDigests || !isDigest(etag) || isEncrypted(answer)) return;
    if ((await readBack()) !== digest)
      throw new Fault("delivery_failed", "the storage holds something else than what was sent");
    areDigests = false;
  };
}

/** An ETag without the quotes, which some stores leave out. */
export const bare = (etag: string) => etag.replaceAll('"', "");

export const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

/** The ETag of an object that was sent in parts: the digest of the parts' digests, and how many they were. */
export const joinedMd5 = (digests: readonly string[]) =>
  `${md5(Buffer.concat(digests.map((digest) => Buffer.from(digest, "hex"))))}-${digests.length}`;

const isDigest = (etag: string) => /^[0-9a-f]{32}(-\d+)?$/.test(etag);

// With keys of KMS or of the client an ETag looks like a digest and is none.
const isEncrypted = ({ ServerSideEncryption = "", SSECustomerAlgorithm }: Answer) =>
  ServerSideEncryption.startsWith("aws:") || SSECustomerAlgorithm !== undefined;
