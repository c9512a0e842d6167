import { Readable } from "node:stream";
import type { DataStore, Upload } from "@tus/server";
import { HttpFault } from "#controlplane/http/problem.ts";
import { retry } from "#shared/async/retry.ts";
import { ignoring } from "#shared/errors.ts";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { removedMeanwhile } from "#shared/storage/local/files.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { closedKey, finishedKey } from "#shared/uploads/keys.ts";
import { declaredSize } from "#shared/uploads/pins.ts";
import type { ByteStore } from "./byte-store.ts";
import type { Writes } from "./lock-while-writing.ts";
import type { Marks } from "./marks.ts";
import type { UploadMetrics } from "./metrics.ts";
import type { RemoveUpload } from "./removal.ts";

type Options = {
  storage: Storage;
  bytes: ByteStore;
  remove: RemoveUpload;
  /** How long an upload stays that nothing arrives of. */
  expiryMs: number;
  metrics: UploadMetrics;
  marks: Marks;
  /** The writes that are under way, by key: the lock is kept until they are over. */
  writes: Writes;
  log: Log;
};

const noSuchUpload = () => new Fault("not_found", "no such upload");
const noLongerThere = () => new HttpFault(410, "the upload has expired, or was removed");

/** Whether a store has dropped the parts of an upload, as a rule of its bucket may have it. */
const isGone = (error: unknown) => error instanceof Error && ["NoSuchUpload", "NoSuchKey"].includes(error.name);

const timeoutMs = 60_000;
const signal = () => AbortSignal.timeout(timeoutMs);

/**
 * The store of @tus/server with what the service adds to it: marks of uploads that are open or finished, bytes that are on the
 * disk before that is said, and a removal that leaves nothing. Each call is made by who holds the upload's lock.
 */
export function makeUploadStore(options: Options): DataStore {
  const { storage, bytes, marks, metrics, log } = options;
  const { tus } = bytes;
  const base = { create: tus.create.bind(tus), write: tus.write.bind(tus), getUpload: tus.getUpload.bind(tus) };
  const isThere = async (key: string) => (await storage.read(key, signal())) !== undefined;

  const finish = async (key: string) => {
    await bytes.sync(key);
    await marks.finished(key);
    metrics.finished();
    log.info({ upload: key }, "upload finished");
  };

  /** All bytes have arrived, and a crash came before that was noted. */
  const complete = async (key: string, size: number) => {
    // An S3 store may have the parts, and not have joined them.
    if ((await storage.stat(key, signal()))?.bytes !== size)
      await base.write(Readable.from([]), key, size).catch(ignoring(isGone));
    if ((await storage.stat(key, signal()))?.bytes !== size) throw noLongerThere();
    await finish(key);
  };

  const write = async (content: Readable, key: string, offset: number): Promise<number> => {
    if (await isThere(finishedKey(key))) throw new Fault("conflict", "the upload is finished");
    await marks.open(key);
    const touching = setInterval(() => void marks.open(key).catch(() => {}), options.expiryMs / 4);
    try {
      const reached = await base.write(content, key, offset);
      metrics.received(reached - offset);
      if (reached === (await declaredSize(storage, key, signal()))) await finish(key);
      else await marks.open(key);
      return reached;
    } finally {
      clearInterval(touching);
    }
  };

  return Object.assign(tus, {
    extensions: ["creation", "creation-with-upload", "termination"],

    async create(upload: Upload): Promise<Upload> {
      const key = upload.id;
      try {
        // The last upload of a tenant may just be removed, and its folder with it.
        const created = await retry(() => base.create(upload), removedMeanwhile);
        metrics.created();
        return created;
      } catch (error) {
        await options.remove(key, () => true, signal()).catch((err) => log.warn({ err }, "a failed upload is left"));
        throw error;
      }
    },

    async getUpload(key: string): Promise<Upload> {
      const [size, isClosed, isFinished] = await Promise.all([
        declaredSize(storage, key, signal()),
        isThere(closedKey(key)),
        isThere(finishedKey(key)),
      ]);
      if (size === undefined) throw noSuchUpload();
      if (isClosed) throw noLongerThere();
      const upload = await base.getUpload(key);
      if (upload.offset === size && !isFinished) await complete(key, size);
      return upload;
    },

    write: (content: Readable, key: string, offset: number): Promise<number> =>
      options.writes.run(key, () => write(content, key, offset)),

    async remove(key: string): Promise<void> {
      if ((await declaredSize(storage, key, signal())) === undefined) throw noSuchUpload();
      if (!(await options.remove(key, Number.isFinite, signal())))
        throw new Fault("conflict", "a job that has not ended reads the upload: cancel it first");
      metrics.removed();
    },
  });
}
