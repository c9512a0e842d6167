import { open } from "node:fs/promises";
import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import { cleanUpOnFailure } from "#shared/storage/clean-up-on-failure.ts";
import { makeBufferPool } from "./buffer-pool.ts";
import { type Delivered, removeUnconfirmed } from "./checked-upload.ts";
import { type Ask, sendingMs } from "./client.ts";
import { bare, type Confirm, md5, storedMd5 } from "./confirm.ts";
import { partsAtOnce, readInto } from "./multipart-upload.ts";

// More files up to this size are uploaded at a time, because waiting for answers takes longer than sending them.
const smallFile = 2 * 2 ** 20;
const smallFilesAtOnce = 16;

type Deps = { ask: Ask; confirm: Confirm; buffers: ReturnType<typeof makeBufferPool> };

/** Uploads what fits into memory in one request. */
export function makePuts({ ask, confirm, buffers }: Deps) {
  const smallBuffers = makeBufferPool(smallFilesAtOnce);

  const put = async (to: PutObjectCommandInput, Body: Buffer, signal: AbortSignal) => {
    const { Bucket, Key } = to;
    const digest = md5(Body);
    const answer = await ask((s3, call) => s3.putObject({ ...to, Body }, call), signal, sendingMs(Body.length));
    const readBack = () => storedMd5(ask, { Bucket, Key }, Body.length, signal);
    return { etag: bare(answer.ETag ?? digest), confirm: () => confirm(answer, digest, readBack) };
  };

  return {
    async putText(to: PutObjectCommandInput, text: string, signal: AbortSignal) {
      const answered = await put(to, Buffer.from(text), signal);
      await answered.confirm();
    },
    async putFile(to: PutObjectCommandInput, file: string, bytes: number, signal: AbortSignal): Promise<Delivered> {
      await using handle = await open(file);
      const lend = bytes > smallFile ? buffers : smallBuffers;
      const { etag, confirm } = await lend(bytes, async (buffer) =>
        put(to, await readInto(buffer.subarray(0, bytes), handle), signal),
      );
      const delivered = { Bucket: to.Bucket, Key: to.Key, file, bytes, etag };
      await cleanUpOnFailure(confirm, () => removeUnconfirmed(ask, delivered, signal));
      return delivered;
    },
  };
}

/** The buffers for parts of files, and for whole files of about that size. */
export const partBuffers = () => makeBufferPool(partsAtOnce);
