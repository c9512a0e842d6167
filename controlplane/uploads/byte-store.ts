import { mkdir, open, statfs } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { DataStore } from "@tus/server";
import * as v from "valibot";
import { codeOf } from "#shared/errors.ts";
import { Fault, invalidField } from "#shared/fault.ts";
import { fromJsonText } from "#shared/json-text.ts";
import type { Log } from "#shared/log.ts";
import { toLocalFault } from "#shared/storage/local/faults.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { s3Config } from "#shared/storage/s3/client.ts";
import { toS3Fault } from "#shared/storage/s3/faults.ts";
import type { StorageConfig } from "#shared/storage/settings.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { infoKey } from "#shared/uploads/keys.ts";
import { countWholeParts } from "./consecutive-parts.ts";
import { type Begun, listsParts, multipartUploads } from "./multipart-uploads.ts";
import { boundPartsByRequest, partsOfRequest } from "./s3-sending.ts";

/** What keeps the bytes of uploads. The ids that it is given are keys in the storage. */
export type ByteStore = {
  tus: DataStore;
  /** Removes what the store has of an upload that is not finished; throws tus's own error when it has nothing. */
  discard(key: string): Promise<void>;
  /** Uploads that the store was asked to begin so long ago (Unix milliseconds), and which may not have begun. */
  begunBefore?(time: number, signal: AbortSignal): AsyncIterable<Begun>;
  /** Has the disk keep the bytes, which tus does not ask of it. Nothing to do where a store answers only then. */
  sync(key: string): Promise<void>;
  /** The fault that an error of the store stands for. */
  toFault(error: unknown): Fault;
  /** The folder that holds them; undefined where they are on no disk of this machine. */
  root?: string | undefined;
};

/** Opens what keeps the bytes of uploads in the storage that is configured for them. */
export async function openByteStore(config: StorageConfig, storage: Storage, log: Log): Promise<ByteStore> {
  return config.uploads?.storage === "s3" ? await s3Bytes(config, log) : await localBytes(config, storage);
}

// The least that S3 takes: what a broken connection has sent of a part is lost.
const partSize = 5 * 2 ** 20;
const startMs = 20_000;

async function s3Bytes({ s3, uploads }: StorageConfig, log: Log): Promise<ByteStore> {
  if (!s3 || !uploads) throw invalidField("S3_BUCKET", "is required when UPLOAD_STORAGE is s3");
  const lists = await listsParts(s3, uploads.prefix, AbortSignal.timeout(startMs)).catch((err) => {
    log.warn({ err }, "the storage of uploads does not tell whether it lists parts: it is away");
    return true;
  });
  if (!lists)
    throw invalidField(
      "UPLOAD_STORAGE",
      "this S3 store does not list the parts of a multipart upload: no upload could go on there; use another store, or local",
    );
  const { S3Store } = await import("@tus/s3-store");
  const tus = new S3Store({
    ...{ partSize, maxConcurrentPartUploads: partsOfRequest, useTags: false },
    s3ClientConfig: { ...s3Config(s3), bucket: s3.bucket },
    // Another control plane may have removed the upload.
    cache: { get: async () => undefined, set: async () => {}, delete: async () => {}, list: async () => [] },
  });
  countWholeParts(tus);
  boundPartsByRequest(tus);
  return {
    ...{ tus, toFault: toS3Fault, discard: tus.remove.bind(tus), sync: async () => {} },
    begunBefore: (time, signal) => multipartUploads(s3, `${uploads.prefix}/`, time, signal),
  };
}

const Info = v.object({
  size: v.number(),
  metadata: v.optional(v.record(v.string(), v.nullable(v.string())), {}),
  creation_date: v.exactOptional(v.string()),
});
const infoTimeoutMs = 10_000;

async function localBytes({ local }: StorageConfig, storage: Storage): Promise<ByteStore> {
  const root = resolve(local.root);
  await mkdir(root, { recursive: true }).catch((error) => {
    throw invalidField("LOCAL_ROOT", `cannot be made for uploads (${codeOf(error)})`);
  });
  const [{ FileStore }, { Upload }] = await Promise.all([import("@tus/file-store"), import("@tus/server")]);
  const signal = () => AbortSignal.timeout(infoTimeoutMs);
  const tus = new FileStore({
    directory: root,
    configstore: {
      async get(key) {
        const info = fromJsonText(Info, await storage.read(infoKey(key), signal()));
        return info && new Upload({ id: key, offset: 0, ...info });
      },
      set: (key, upload) => storage.write(infoKey(key), JSON.stringify(upload), headersFor(infoKey(key)), signal()),
      delete: (key) => storage.remove(infoKey(key), signal()),
    },
  });
  return {
    ...{ tus, root, toFault: toLocalFault, discard: tus.remove.bind(tus) },
    async sync(key) {
      await using file = await open(join(root, key));
      await file.datasync();
    },
  };
}

/** Throws unless the disk has room for a file of this size. */
export async function checkRoom({ root }: Pick<ByteStore, "root">, size: number) {
  if (root === undefined) return;
  const { bavail, bsize } = await statfs(root);
  if (bavail * bsize < size) throw new Fault("too_large", "there is no room for a file of this size now");
}
