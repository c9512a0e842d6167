import { open, stat } from "node:fs/promises";
import { checkedKey, checkedPrefix, urlBelow } from "./key.ts";
import { checkedMetadata, encodedMetadata } from "./metadata.ts";
import { makeBuffers } from "./s3-buffers.ts";
import { type S3Options, s3Client, sendingMs } from "./s3-client.ts";
import { partsAtOnce, readInto, stageParts } from "./s3-multipart.ts";
import { isCausedBy } from "./s3-trouble.ts";
import type { About, Storage } from "./storage.ts";

// Above this size a file goes in parts before it is published; up to it nothing is sent until then.
const largestPut = 16 * 2 ** 20;

/** A bucket of AWS S3, or of a store that speaks its protocol. */
export function s3Storage(options: S3Options): Storage {
  const { bucket } = options;
  const ask = s3Client(options);
  const buffers = makeBuffers(partsAtOnce);

  const at = (key: string) => ({ Bucket: bucket, Key: checkedKey(key) });
  const target = (key: string, { contentType, cacheControl, metadata = {} }: About) => ({
    ...at(key),
    ContentType: contentType,
    CacheControl: cacheControl,
    Metadata: encodedMetadata(checkedMetadata(metadata)),
  });

  const put = async (to: ReturnType<typeof target>, Body: Buffer, signal: AbortSignal) => {
    await ask((s3, call) => s3.putObject({ ...to, Body }, call), signal, sendingMs(Body.length));
  };
  const putFile = async (to: ReturnType<typeof target>, file: string, bytes: number, signal: AbortSignal) => {
    await using handle = await open(file);
    await buffers(bytes, async (buffer) => put(to, await readInto(buffer.subarray(0, bytes), handle), signal));
  };

  return {
    async stage(file, key, about, signal, onBytes) {
      const to = target(key, about);
      signal.throwIfAborted();
      const bytes = (await stat(file)).size;
      if (bytes > largestPut) return await stageParts({ ask, buffers }, to, { file, bytes, onBytes }, signal);
      return {
        async publish(publishing) {
          await putFile(to, file, bytes, publishing);
          onBytes?.(bytes);
        },
        async discard() {},
      };
    },
    write: async (key, text, about, signal) => put(target(key, about), Buffer.from(text), signal),
    async read(key, signal) {
      const from = at(key);
      try {
        return await ask(async (s3, call) => (await s3.getObject(from, call)).Body?.transformToString(), signal);
      } catch (error) {
        if (isCausedBy(error, "NoSuchKey")) return undefined;
        throw error;
      }
    },
    async *list(prefix, signal) {
      const from = { Bucket: bucket, Prefix: checkedPrefix(prefix) };
      let ContinuationToken: string | undefined;
      do {
        const page = { ...from, ContinuationToken };
        const { Contents = [], NextContinuationToken } = await ask((s3, call) => s3.listObjectsV2(page, call), signal);
        for (const { Key } of Contents) if (Key) yield Key;
        ContinuationToken = NextContinuationToken;
      } while (ContinuationToken);
    },
    async remove(key, signal) {
      const object = at(key);
      await ask((s3, call) => s3.deleteObject(object, call), signal);
    },
    urlOf: (key) => urlBelow(addressOf(options), checkedKey(key)),
  };
}

function addressOf({ bucket, region, endpoint, publicUrl }: S3Options) {
  if (publicUrl) return publicUrl;
  if (endpoint) return urlBelow(endpoint, bucket);
  return `https://${bucket}.s3.${region ? `${region}.` : ""}amazonaws.com`;
}
