import { createHash } from "node:crypto";
import type { GetObjectCommandInput } from "@aws-sdk/client-s3";
import { Fault } from "#shared/fault.ts";
import { type Ask, sendingMs } from "./client.ts";

/** A store's answer to an upload. */
type Answer = {
  ETag?: string | undefined;
  ServerSideEncryption?: string | undefined;
  SSECustomerAlgorithm?: string | undefined;
};

/**
 * Throws unless an answer confirms content of this MD5 digest. `readBack` computes the digest of what the store has.
 */
export type Confirm = (answer: Answer, digest: string, readBack: () => Promise<string>) => Promise<void>;

/**
 * An answer without an ETag confirms nothing. An ETag that looks like the MD5 digest of other content may be no digest
 * at all in this store: then the content is read back, and if it is right ETags are not compared any more.
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

/** The MD5 digest of what the store has of an object or of a range of it. `bytes` is how much that is. */
export async function storedMd5(ask: Ask, from: GetObjectCommandInput, bytes: number, signal: AbortSignal) {
  const body = await ask(
    async (s3, call) => (await s3.getObject(from, call)).Body?.transformToByteArray(),
    signal,
    sendingMs(bytes),
  );
  return md5(body ?? new Uint8Array());
}

/** An ETag without its quotes, which some stores leave out anyway. */
export const bare = (etag: string) => etag.replaceAll('"', "");

export const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

/** The ETag of a multipart upload: the digest of the parts' digests, and the number of parts. */
export const joinedMd5 = (digests: readonly string[]) =>
  `${md5(Buffer.concat(digests.map((digest) => Buffer.from(digest, "hex"))))}-${digests.length}`;

const isDigest = (etag: string) => /^[0-9a-f]{32}(-\d+)?$/.test(etag);

// With a KMS or client key an ETag looks like a digest but is none.
const isEncrypted = ({ ServerSideEncryption = "", SSECustomerAlgorithm }: Answer) =>
  ServerSideEncryption.startsWith("aws:") || SSECustomerAlgorithm !== undefined;
