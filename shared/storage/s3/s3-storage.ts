import { stat } from "node:fs/promises";
import { type RetryPolicy, retry } from "#shared/async/retry.ts";
import { withoutSecrets } from "#shared/log.ts";
import { fetchInto } from "#shared/storage/fetch-into.ts";
import { checkedKey, checkedPrefix, urlBelow } from "#shared/storage/key.ts";
import { checkedMetadata, encodedMetadata } from "#shared/storage/metadata.ts";
import type { ObjectHeaders } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { checkedUpload } from "./checked-upload.ts";
import { type S3Options, s3Client } from "./client.ts";
import { compareObject } from "./compare-object.ts";
import { makeDecides } from "./conditional-create.ts";
import { makeConfirm } from "./confirm.ts";
import { isCausedBy } from "./faults.ts";
import { head, ifThere } from "./head.ts";
import { listKeys } from "./list-keys.ts";
import { stageParts, tryParts } from "./multipart-upload.ts";
import { readObject } from "./read-parts.ts";
import { makePuts, partBuffers } from "./single-put.ts";

/** Repeats a conditional write while another one to the same key is under way. */
const untilDecided: RetryPolicy = {
  attempts: 5,
  firstPauseMs: 0,
  isRetryable: (error) => isCausedBy(error, "ConditionalRequestConflict"),
};

// Larger files are uploaded in parts before they are published; smaller ones only when they are published.
const largestPut = 16 * 2 ** 20;

/** Stores objects in a bucket of AWS S3 or a compatible store. */
export function s3Storage(options: S3Options): Storage {
  const { bucket } = options;
  const ask = s3Client(options);
  const buffers = partBuffers();
  const confirm = makeConfirm();
  const { putText, putFile } = makePuts({ ask, confirm, buffers });

  const at = (key: string) => ({ Bucket: bucket, Key: checkedKey(key) });
  const target = (key: string, { contentType, cacheControl, metadata = {} }: ObjectHeaders) => ({
    ...at(key),
    ContentType: contentType,
    CacheControl: cacheControl,
    Metadata: encodedMetadata(checkedMetadata(metadata)),
  });

  const read = async (key: string, signal: AbortSignal) => {
    const from = at(key);
    return await ifThere(() =>
      ask(async (s3, call) => (await s3.getObject(from, call)).Body?.transformToString(), signal),
    );
  };

  const create: NonNullable<Storage["create"]> = async (key, text, headers, signal) => {
    const to = { ...target(key, headers), IfNoneMatch: "*" };
    try {
      await retry(() => putText(to, text, signal), untilDecided);
      return true;
    } catch (error) {
      if (!isCausedBy(error, "PreconditionFailed")) throw error;
      return (await read(key, signal)) === text;
    }
  };

  return {
    place: `s3 (bucket ${bucket}${whereIs(options)})`,
    async stage(file, key, headers, signal, onBytes) {
      const to = target(key, headers);
      signal.throwIfAborted();
      const bytes = (await stat(file)).size;
      if (bytes > largestPut) return await stageParts({ ask, buffers, confirm }, to, { file, bytes, onBytes }, signal);
      const publish = async (publishing: AbortSignal) => {
        const delivered = await putFile(to, file, bytes, publishing);
        onBytes?.(bytes);
        return delivered;
      };
      return checkedUpload(ask, at(key), publish, async () => {});
    },
    async tryWrite(key, _by, signal) {
      const to = at(key);
      signal.throwIfAborted();
      await tryParts(ask, to);
    },
    write: async (key, text, headers, signal) => putText(target(key, headers), text, signal),
    create,
    decides: makeDecides(create),
    async stat(key, signal) {
      const found = await head(ask, at(key), signal);
      return found && { bytes: found.bytes };
    },
    compare: (key, content, signal) => compareObject(ask, at(key), content, signal),
    read,
    async fetch(key, file, signal, mostBytes) {
      const from = at(key);
      return await readObject(ask, from, signal, (content) => fetchInto(file, content, signal, mostBytes));
    },
    async *list(prefix, signal, part) {
      yield* listKeys(ask, { Bucket: bucket, Prefix: checkedPrefix(prefix) }, signal, part);
    },
    async remove(key, signal) {
      const object = at(key);
      await ask((s3, call) => s3.deleteObject(object, call), signal);
    },
    urlOf: (key) => urlBelow(addressOf(options), checkedKey(key)),
  };
}

function whereIs({ endpoint, region }: S3Options) {
  if (endpoint) return ` at ${withoutSecrets(endpoint).replace(/\/$/, "")}`;
  return region ? ` in ${region}` : "";
}

function addressOf({ bucket, region, endpoint, publicUrl }: S3Options) {
  if (publicUrl) return publicUrl;
  if (endpoint) return urlBelow(endpoint, bucket);
  return `https://${bucket}.s3.${region ? `${region}.` : ""}amazonaws.com`;
}
