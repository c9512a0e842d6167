import { localStorage } from "#shared/storage/local/local-storage.ts";
import { s3Storage } from "#shared/storage/s3/s3-storage.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { startS3Front } from "./s3-front.ts";
import { startS3Server } from "./s3-server.ts";
import { temporaryFolder } from "./service.ts";

/** A storage of local files, in a folder that is gone with it. */
export async function onDisk() {
  const folder = await temporaryFolder();
  return Object.assign(folder, { storage: localStorage({ root: folder.path }) });
}

async function onS3() {
  const stack = new AsyncDisposableStack();
  const server = stack.use(await startS3Server());
  const front = stack.use(await startS3Front(server.options.endpoint ?? ""));
  const storage = s3Storage({ ...server.options, endpoint: front.url });
  return { storage, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** The storages that decide which of several writers has created a key. */
export const decidingStorages: [string, () => Promise<AsyncDisposable & { storage: Storage }>][] = [
  ["on disk", onDisk],
  ["in S3", onS3],
];
