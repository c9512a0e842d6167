import { randomUUID } from "node:crypto";
import type { ListMultipartUploadsCommandInput, ListMultipartUploadsCommandOutput } from "@aws-sdk/client-s3";
import { Fault } from "#shared/fault.ts";
import { type S3Options, s3Client } from "#shared/storage/s3/client.ts";
import { statusOf } from "#shared/storage/s3/faults.ts";

/** A multipart upload that was begun, by the key of the object that it is to become. */
export type Begun = { key: string; abort(signal: AbortSignal): Promise<void> };

type Marker = { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined };

/** The multipart uploads below a prefix that were begun before a time, in Unix milliseconds. */
export async function* multipartUploads(
  options: S3Options,
  prefix: string,
  before: number,
  signal: AbortSignal,
): AsyncGenerator<Begun> {
  const ask = s3Client(options);
  const { bucket: Bucket } = options;
  let next: Marker | undefined = {};
  while (next) {
    const page: ListMultipartUploadsCommandInput = { Bucket, Prefix: prefix, ...next };
    const found: ListMultipartUploadsCommandOutput = await ask(
      (s3, call) => s3.listMultipartUploads(page, call),
      signal,
    );
    for (const { Key = "", UploadId, Initiated } of found.Uploads ?? []) {
      if (!Key.startsWith(prefix) || !Initiated || Initiated.getTime() >= before) continue;
      const abort = async (aborting: AbortSignal) =>
        void (await ask((s3, call) => s3.abortMultipartUpload({ Bucket, Key, UploadId }, call), aborting));
      yield { key: Key, abort };
    }
    next = found.IsTruncated ? { KeyMarker: found.NextKeyMarker, UploadIdMarker: found.NextUploadIdMarker } : undefined;
  }
}

const limits = { attempts: 2, answerMs: 10_000 };

/** Whether a store lists the parts of a multipart upload, without which nobody can tell where an upload stands. */
export async function listsParts(options: S3Options, prefix: string, signal: AbortSignal): Promise<boolean> {
  const ask = s3Client({ ...options, limits });
  const at = { Bucket: options.bucket, Key: `${prefix}/_private/${randomUUID()}` };
  const { UploadId } = await ask((s3, call) => s3.createMultipartUpload(at, call), signal);
  const upload = { ...at, UploadId };
  try {
    await ask((s3, call) => s3.listParts(upload, call), signal);
    return true;
  } catch (error) {
    if (error instanceof Fault && [400, 404, 405, 501].includes(statusOf(error.cause) ?? 0)) return false;
    throw error;
  } finally {
    await ask((s3, call) => s3.abortMultipartUpload(upload, call), signal).catch(() => {});
  }
}
