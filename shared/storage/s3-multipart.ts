import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { CompletedPart, CreateMultipartUploadCommandInput } from "@aws-sdk/client-s3";
import type { Buffers } from "./s3-buffers.ts";
import { type Ask, sendingMs } from "./s3-client.ts";
import { isCausedBy } from "./s3-trouble.ts";
import type { Staged } from "./storage.ts";

/** Parts of one file that are under way together. */
export const partsAtOnce = 4;
const smallestPart = 8 * 2 ** 20;
const mostParts = 10_000;

// A clean-up is not worth waiting for longer; a bucket's lifecycle rule sees to what it leaves.
const cleanUpMs = 10_000;
// A store may build the whole object before it answers.
const joiningMs = 300_000;

type Source = { file: string; bytes: number; onBytes: ((bytes: number) => void) | undefined };
type Upload = { Bucket: string | undefined; Key: string | undefined; UploadId: string | undefined };
type Deps = { ask: Ask; buffers: Buffers };

/** Sends a large file in parts, each retried alone; publishing is the call that joins them. */
export async function stageParts(
  { ask, buffers }: Deps,
  target: CreateMultipartUploadCommandInput,
  source: Source,
  signal: AbortSignal,
): Promise<Staged> {
  // Not to be aborted: an upload whose id never arrived could not be removed.
  const { UploadId } = await ask((s3, options) => s3.createMultipartUpload(target, options), never);
  const upload = { Bucket: target.Bucket, Key: target.Key, UploadId };
  const remove = async () => {
    try {
      await ask((s3, options) => s3.abortMultipartUpload(upload, options), AbortSignal.timeout(cleanUpMs));
    } catch (error) {
      if (!isCausedBy(error, "NoSuchUpload")) throw error;
    }
  };
  try {
    const parts = await sendParts({ ask, buffers }, upload, source, signal);
    return { publish: (publishing) => join(ask, upload, parts, publishing).catch(after(remove)), discard: remove };
  } catch (error) {
    return await after(remove)(error);
  }
}

const never = new AbortController().signal;

const after = (remove: () => Promise<void>) => async (error: unknown) => {
  await remove().catch(() => {});
  throw error;
};

async function sendParts(
  { ask, buffers }: Deps,
  upload: Upload,
  { file, bytes, onBytes }: Source,
  signal: AbortSignal,
) {
  await using handle = await open(file);
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const sent: CompletedPart[] = [];
  const remaining = partsOf(bytes);

  const send = ({ PartNumber, start, length }: Part) =>
    buffers(length, async (buffer) => {
      const Body = await readInto(buffer.subarray(0, length), handle, start);
      const part = { ...upload, PartNumber, Body };
      const { ETag } = await ask((s3, options) => s3.uploadPart(part, options), stop, sendingMs(length));
      sent[PartNumber - 1] = { PartNumber, ETag };
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

/** Fills the buffer from a place in a file. */
export async function readInto(buffer: Buffer, file: FileHandle, start = 0): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) throw new Error("the file became shorter while it was sent");
    filled += bytesRead;
  }
  return buffer;
}

async function join(ask: Ask, upload: Upload, Parts: CompletedPart[], signal: AbortSignal) {
  const joined = { ...upload, MultipartUpload: { Parts } };
  try {
    await ask((s3, options) => s3.completeMultipartUpload(joined, options), signal, joiningMs);
  } catch (error) {
    // A store whose first answer was lost no longer knows the upload when it is asked again.
    const isJoined = isCausedBy(error, "NoSuchUpload") && (await etagOf(ask, upload, signal)) === joinedEtag(Parts);
    if (!isJoined) throw error;
  }
}

async function etagOf(ask: Ask, { Bucket, Key }: Upload, signal: AbortSignal) {
  const head = await ask((s3, options) => s3.headObject({ Bucket, Key }, options), signal).catch(() => undefined);
  return head?.ETag?.replaceAll('"', "");
}

// The digest of the parts' digests, and how many they were.
function joinedEtag(parts: CompletedPart[]) {
  const digests = parts.map(({ ETag = "" }) => Buffer.from(ETag.replaceAll('"', ""), "hex"));
  return `${createHash("md5").update(Buffer.concat(digests)).digest("hex")}-${parts.length}`;
}
