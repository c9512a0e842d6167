import { createReadStream } from "node:fs";
import { link, open, readdir, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { codeOf, ignoring } from "#shared/errors.ts";
import { cleanUpOnFailure } from "#shared/storage/clean-up-on-failure.ts";
import { fetchInto } from "#shared/storage/fetch-into.ts";
import { fileHash } from "#shared/storage/file-hash.ts";
import { checkedKey, checkedPrefix, urlBelow } from "#shared/storage/key.ts";
import { partOfList } from "#shared/storage/list-part.ts";
import { isPart, partOf } from "#shared/storage/part-files.ts";
import { requestSent } from "#shared/storage/requests.ts";
import type { Staged, Storage } from "#shared/storage/storage.ts";
import { toLocalFault } from "./faults.ts";
import { copyInto, makeFolder, removeEmpty, tryPlace } from "./files.ts";
import { refuseOutside } from "./links.ts";
import { sweepTextParts, textPartIn } from "./texts.ts";

export type LocalOptions = {
  /** The folder of all keys. It is made when it is first needed. */
  root: string;
  /** The URL below which players read. Default: `file:` URLs. */
  publicUrl?: string | undefined;
};

type StagedPart = Staged & { part: string; path: string };

/** Stores objects as files in a folder of this machine. Symbolic links that lead out of it are refused. */
export function localStorage({ root, publicUrl }: LocalOptions): Storage {
  const base = resolve(root);

  const placeOf = async (key: string) => {
    const path = join(base, checkedKey(key));
    await refuseOutside(base, dirname(path));
    return path;
  };

  const atPlace = <T>(key: string, signal: AbortSignal | undefined, work: (path: string) => Promise<T>) =>
    withFaults(signal, async () => work(await placeOf(key)));
  const atExisting = <T>(key: string, signal: AbortSignal, work: (path: string) => Promise<T>) =>
    withFaults(signal, () =>
      ifThere(async () => {
        const path = await placeOf(key);
        await refuseOutside(base, path);
        return await work(path);
      }),
    );

  const removeWithFolders = async (path: string) => {
    await unlinkIfThere(path);
    await removeEmpty(dirname(path), base);
  };

  const stageAt = async (path: string, part: string, fill: (part: string) => Promise<void>): Promise<StagedPart> => {
    const discard = async () => {
      await removeWithFolders(part);
      await removeEmpty(dirname(path), base);
    };
    await cleanUpOnFailure(async () => {
      await unlinkIfThere(part);
      await makeFolder(dirname(part), () => fill(part));
      await sync(part);
    }, discard);
    return {
      part,
      path,
      publish: (signal) =>
        cleanUpOnFailure(
          () =>
            withFaults(signal, async () => {
              await makeFolder(dirname(path), () => rename(part, path));
              // Renaming a file onto another hard link to it does nothing.
              await removeWithFolders(part);
              await syncFolder(path);
            }),
          discard,
        ),
      discard: () => withFaults(undefined, discard),
    };
  };

  const stageText = (key: string, text: string, signal: AbortSignal) =>
    withFaults(signal, async () => {
      const part = textPartIn(base);
      await refuseOutside(base, dirname(part));
      return stageAt(await placeOf(key), part, (part) => writeFile(part, text, { signal }));
    });

  async function* filesIn(prefix: string, signal: AbortSignal): AsyncGenerator<string> {
    const entries = await withFaults(signal, () => entriesOf(join(base, prefix)));
    for (const entry of entries) {
      signal.throwIfAborted();
      const key = `${prefix}${entry.name}`;
      if (entry.isDirectory()) yield* filesIn(`${key}/`, signal);
      else if (entry.isFile() && !isPart(entry.name)) yield key;
    }
  }

  return {
    place: `local (${base})`,
    isOnDisk: true,
    stage: (file, key, _headers, signal, onBytes) =>
      atPlace(key, signal, (path) =>
        stageAt(path, partOf(path, file), (part) => copyInto(file, part, signal, onBytes)),
      ),
    tryWrite: (key, by, signal) => atPlace(key, signal, (path) => tryPlace(path, partOf(path, by))),
    unstage: (file, key) => atPlace(key, undefined, (path) => removeWithFolders(partOf(path, file))),
    async write(key, text, _headers, signal) {
      await (await stageText(key, text, signal)).publish(signal);
    },
    async create(key, text, _headers, signal) {
      const { part, path, discard } = await stageText(key, text, signal);
      try {
        return await withFaults(signal, async () => {
          await refuseOutside(base, path);
          return await makeFolder(dirname(path), () => linkIfFree(part, path));
        });
      } finally {
        await discard();
      }
    },
    sweep: () => withFaults(undefined, () => sweepTextParts(base)),
    stat: (key, signal) =>
      atExisting(key, signal, async (path) => {
        const found = await stat(path);
        return found.isFile() ? { bytes: found.size } : undefined;
      }),
    compare: async (key, { bytes, sha256 }, signal) => {
      const found = await atExisting(key, signal, async (path) => {
        const file = await stat(path);
        if (!file.isFile()) return undefined;
        return file.size === bytes && (await fileHash(path, signal)) === sha256 ? "same" : "different";
      });
      return found ?? "missing";
    },
    read: (key, signal) => atExisting(key, signal, (path) => readFile(path, { encoding: "utf8", signal })),
    fetch: (key, file, signal, mostBytes) =>
      atExisting(key, signal, async (path) => {
        if (!(await stat(path)).isFile()) return undefined;
        return await fetchInto(file, createReadStream(path, { highWaterMark: 2 ** 20 }), signal, mostBytes);
      }),
    async *list(prefix, signal, part) {
      const folder = join(base, checkedPrefix(prefix));
      await withFaults(signal, () => ifThere(() => refuseOutside(base, folder)));
      yield* partOfList(filesIn(prefix, signal), part);
    },
    remove: (key, signal) => withFaults(signal, () => ifThere(async () => removeWithFolders(await placeOf(key)))),
    urlOf(key) {
      checkedKey(key);
      return publicUrl ? urlBelow(publicUrl, key) : pathToFileURL(join(base, key)).href;
    },
  };
}

async function withFaults<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  requestSent();
  try {
    signal?.throwIfAborted();
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw toLocalFault(error);
  }
}

const ifThere = <T>(work: () => Promise<T>): Promise<T | undefined> => work().catch(ignoring(isMissing));
const isMissing = (error: unknown) => ["ENOENT", "ENOTDIR", "EISDIR"].includes(codeOf(error));

const unlinkIfThere = (path: string) => ifThere(() => unlink(path));

async function linkIfFree(part: string, path: string): Promise<boolean> {
  try {
    await link(part, path);
    await syncFolder(path);
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    return (await ifThere(() => readFile(path, "utf8"))) === (await readFile(part, "utf8"));
  }
}

const entriesOf = async (folder: string) => (await ifThere(() => readdir(folder, { withFileTypes: true }))) ?? [];

/** Has the disk keep what a folder has got. A folder that is gone went with the file, which somebody has removed since. */
const syncFolder = (path: string) => ifThere(() => sync(dirname(path)));

async function sync(path: string) {
  await using handle = await open(path);
  await handle.sync();
}
