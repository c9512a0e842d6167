import { Readable } from "node:stream";
import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { bodyOf, receive } from "#shared/net/body.ts";
import type { Answer } from "#shared/net/guarded-request.ts";
import { makeRequestTimeout, type RequestTimeout } from "#shared/net/request-timeout.ts";
import { type Ask, type S3Options, s3Client } from "#shared/storage/s3/client.ts";
import { type DownloadOptions, downloadSource } from "./download.ts";
import type { RequestSource } from "./range-request.ts";
import { isChanged, toS3Failure } from "./s3-failure.ts";
import { checkedS3Url } from "./s3-url.ts";
import type { OpenSource } from "./source.ts";

export type S3SourceOptions = DownloadOptions & {
  /** The buckets that sources may come from. */
  buckets: readonly string[];
  /** How the store is reached. */
  client: Omit<S3Options, "bucket">;
  /** The limit between two pieces of an object. Default: 30 s. */
  silenceTimeoutMs?: number;
};

/** Downloads `s3://bucket/key` with the credentials that the AWS SDK finds. */
export function s3Source(options: S3SourceOptions): OpenSource {
  const { buckets, client, silenceTimeoutMs = 30_000 } = options;
  const ask = s3Client({ bucket: "", ...client });
  return async (text, dir, signal, onBytes, locate) => {
    const object = checkedS3Url(text, buckets);
    return downloadSource(askObject(ask, object, silenceTimeoutMs), dir, options, signal, onBytes, locate);
  };
}

const askObject =
  (ask: Ask, object: { Bucket: string; Key: string }, silenceTimeoutMs: number): RequestSource =>
  async ({ range, "if-range": etag }, signal) => {
    const wanted = { ...object, ...(range && { Range: range }), ...(etag && { IfMatch: etag }) };
    try {
      const found = await ask((s3, options) => s3.getObject(wanted, options), signal);
      return answerOf(found, makeRequestTimeout(signal), silenceTimeoutMs);
    } catch (error) {
      if (isChanged(error)) return preconditionFailed;
      throw toS3Failure(error);
    }
  };

/** The HTTP answer that brought an object. */
function answerOf(found: GetObjectCommandOutput, timeout: RequestTimeout, silenceTimeoutMs: number): Answer {
  const { Body, ETag, AcceptRanges, ContentRange, ContentLength, ContentEncoding } = found;
  if (!(Body instanceof Readable)) throw new Error("the AWS SDK gave no stream");
  const arriving = receive(Body);
  return {
    status: ContentRange ? 206 : 200,
    headers: {
      ...(ETag && { etag: ETag }),
      ...(ContentEncoding && { "content-encoding": ContentEncoding }),
      ...(AcceptRanges && { "accept-ranges": AcceptRanges }),
      ...(ContentRange && { "content-range": ContentRange }),
      ...(ContentLength !== undefined && { "content-length": String(ContentLength) }),
    },
    body: bodyOf(arriving, timeout, silenceTimeoutMs),
    [Symbol.dispose]: () => Body.destroy(),
  };
}

const preconditionFailed: Answer = { status: 412, headers: {}, body: (async function* () {})(), [Symbol.dispose]() {} };
