import { type FileHandle, open } from "node:fs/promises";
import type { CreateMultipartUploadCommandInput } from "@aws-sdk/client-s3";
import { poll } from "#shared/async/retry.ts";
import { Fault } from "#shared/fault.ts";
import { cleanUpOnFailure } from "#shared/storage/clean-up-on-failure.ts";
import type { Staged } from "#shared/storage/storage.ts";
import type { BufferPool } from "./buffer-pool.ts";
import { checkedUpload } from "./checked-upload.ts";
import { type Ask, sendingMs } from "./client.ts";
import { bare, type Confirm, joinedMd5, md5, storedMd5 } from "./confirm.ts";
import { isCausedBy } from "./faults.ts";
import { head, type ObjectLocation } from "./head.ts";

/** How many parts of one file are uploaded at a time. */
export const partsAtOnce = 4;
const smallestPart = 8 * 2 ** 20;
const mostParts = 10_000;

// Waiting longer for a clean-up is not worth it: the bucket's lifecycle rule removes what it leaves.
const cleanUpMs = 10_000;
// A store may assemble the whole object before it answers.
const joiningMs = 300_000;

type Source = { file: string; bytes: number; onBytes: ((bytes: number) => void) | undefined };
type Upload = ObjectLocation & { UploadId: string | undefined };
type Deps = { ask: Ask; buffers: BufferPool; confirm: Confirm };
type Sent = { PartNumber: number; ETag: string; digest: string; bytes: number };

/** Uploads a large file in parts, each of which is retried by itself. Publishing completes the upload. */
export async function stageParts(
  { ask, buffers, confirm }: Deps,
  target: CreateMultipartUploadCommandInput,
  source: Source,
  signal: AbortSignal,
): Promise<Staged> {
  // Never aborted, because an upload whose id did not arrive could not be removed.
  const { UploadId } = await ask((s3, options) => s3.createMultipartUpload(target, options), never);
  if (!UploadId) throw new Fault("delivery_failed", "the storage did not confirm the upload: it gave no id");
  const upload = { Bucket: target.Bucket, Key: target.Key, UploadId };
  const remove = async () => {
    const limit = AbortSignal.timeout(cleanUpMs);
    await poll(() => abort(ask, upload, limit), Boolean, { firstPauseMs: 100, attempts: 4, signal: limit });
  };
  const parts = await cleanUpOnFailure(() => sendParts({ ask, buffers }, upload, source, signal), remove);
  const { file, bytes } = source;
  const at = { Bucket: target.Bucket, Key: target.Key };
  const publish = async (publishing: AbortSignal) => {
    const etag = await cleanUpOnFailure(() => join({ ask, confirm }, upload, parts, publishing), remove);
    return { ...at, file, bytes, etag };
  };
  return checkedUpload(ask, at, publish, remove);
}

/** Aborts an upload and tells whether it is gone: a part that was on its way may come behind the abort and stay (S3 API). */
async function abort(ask: Ask, upload: Upload, signal: AbortSignal): Promise<boolean> {
  try {
    await ask((s3, options) => s3.abortMultipartUpload(upload, options), signal);
  } catch (error) {
    if (isCausedBy(error, "NoSuchUpload")) return true;
    throw error;
  }
  // Who may not list parts, or finds none, has done what can be done.
  return ask((s3, options) => s3.listParts({ ...upload, MaxParts: 1 }, options), signal).then(
    () => false,
    () => true,
  );
}

/** Begins and aborts an upload, which nobody sees, but which needs the same permission as an upload. */
export async function tryParts(ask: Ask, target: CreateMultipartUploadCommandInput) {
  const { UploadId } = await ask((s3, options) => s3.createMultipartUpload(target, options), never);
  const upload = { Bucket: target.Bucket, Key: target.Key, UploadId };
  await ask((s3, options) => s3.abortMultipartUpload(upload, options), AbortSignal.timeout(cleanUpMs));
}

const never = new AbortController().signal;

async function sendParts(
  { ask, buffers }: Pick<Deps, "ask" | "buffers">,
  upload: Upload,
  { file, bytes, onBytes }: Source,
  signal: AbortSignal,
) {
  await using handle = await open(file);
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const sent: Sent[] = [];
  const remaining = partsOf(bytes);

  const send = ({ PartNumber, start, length }: Part) =>
    buffers(length, async (buffer) => {
      const Body = await readInto(buffer.subarray(0, length), handle, start);
      const part = { ...upload, PartNumber, Body };
      const { ETag } = await ask((s3, options) => s3.uploadPart(part, options), stop, sendingMs(length));
      if (!ETag) throw new Fault("delivery_failed", "the storage did not confirm the upload: it gave no ETag");
      sent[PartNumber - 1] = { PartNumber, ETag, digest: md5(Body), bytes: length };
      onBytes?.(length);
    });
  const lane = async () => {
    for (const part of remaining) await send(part);
  };
  const lanes = Array.from({ length: partsAtOnce }, lane);
  try {
    await Promise.all(lanes);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(lanes);
    throw error;
  }
  return sent;
}

type Part = { PartNumber: number; start: number; length: number };

function* partsOf(bytes: number): Generator<Part> {
  const most = Math.max(smallestPart, Math.ceil(bytes / mostParts));
  for (let start = 0; start < bytes; start += most) {
    yield { PartNumber: start / most + 1, start, length: Math.min(most, bytes - start) };
  }
}

/** Fills the buffer from an offset in a file. */
export async function readInto(buffer: Buffer, file: FileHandle, start = 0): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) throw new Error("the file became shorter while it was sent");
    filled += bytesRead;
  }
  return buffer;
}

async function join(
  { ask, confirm }: Pick<Deps, "ask" | "confirm">,
  upload: Upload,
  sent: readonly Sent[],
  signal: AbortSignal,
): Promise<string> {
  const joined = { ...upload, MultipartUpload: { Parts: sent.map(({ PartNumber, ETag }) => ({ PartNumber, ETag })) } };
  const digest = joinedMd5(sent.map((part) => part.digest));
  try {
    const answer = await ask((s3, options) => s3.completeMultipartUpload(joined, options), signal, joiningMs);
    await confirm(answer, digest, () => digestOf(ask, upload, sent, signal));
    return bare(answer.ETag ?? digest);
  } catch (error) {
    // When the first answer was lost, the store does not know the upload any more on the second call.
    const expected = [digest, joinedMd5(sent.map(({ ETag }) => bare(ETag)))];
    const { Bucket, Key } = upload;
    const found =
      isCausedBy(error, "NoSuchUpload") && (await head(ask, { Bucket, Key }, signal).catch(() => undefined));
    if (!found || !expected.includes(found.etag)) throw error;
    return found.etag;
  }
}

/** Reads a completed object back, part by part. */
async function digestOf(ask: Ask, { Bucket, Key }: Upload, sent: readonly Sent[], signal: AbortSignal) {
  const digests: string[] = [];
  let start = 0;
  for (const { bytes } of sent) {
    const range = { Bucket, Key, Range: `bytes=${start}-${start + bytes - 1}` };
    digests.push(await storedMd5(ask, range, bytes, signal));
    start += bytes;
  }
  return joinedMd5(digests);
}
