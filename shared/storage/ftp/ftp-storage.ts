import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path/posix";
import { poll } from "#shared/async/retry.ts";
import { cleanUpOnFailure } from "#shared/storage/clean-up-on-failure.ts";
import { checkedKey, checkedPrefix, urlBelow } from "#shared/storage/key.ts";
import { partOfList } from "#shared/storage/list-part.ts";
import { isPart, partOf } from "#shared/storage/part-files.ts";
import type { Staged, Storage } from "#shared/storage/storage.ts";
import { type Connection, type FtpOptions, ftpConnections } from "./connections.ts";
import { entriesOf, fetchFile, hashOf, removeIfThere, replace, sizeOf, textAt } from "./files.ts";
import { ftpFolders } from "./folders.ts";
import { type Content, upload } from "./upload.ts";

// Waiting longer for a clean-up is not worth it.
const cleanUpMs = 10_000;
// A server may carry out a command after the connection that sent it was cut.
const removal = { attempts: 3, firstPauseMs: 100, factor: 1 };

/** Stores objects in a folder of an FTP server, with TLS or without. */
export function ftpStorage(options: FtpOptions): Storage {
  const ask = ftpConnections(options);
  const folders = ftpFolders();

  const removeWithFolders = async (connection: Connection, key: string) => {
    if (await removeIfThere(connection, key)) await folders.removeEmpty(connection, key);
  };

  const discard = (part: string) =>
    ask(async (connection) => {
      await poll(() => removeIfThere(connection, part), Boolean, removal);
      await folders.removeEmpty(connection, part);
    }, AbortSignal.timeout(cleanUpMs));

  const stageContent = async (
    key: string,
    from: string,
    content: Content,
    signal: AbortSignal,
    onBytes?: (bytes: number) => void,
  ): Promise<Staged> => {
    const part = partOf(key, from);
    const orDiscard = (work: () => Promise<void>) => cleanUpOnFailure(work, () => discard(part));
    await orDiscard(() => upload({ ask, folders }, part, content, signal, onBytes));

    const publish = async (publishing: AbortSignal) => {
      let isAsked = false;
      await ask(async (connection) => {
        // The answer to an earlier attempt may have been lost.
        const isDone = isAsked && (await sizeOf(connection, part)) === undefined;
        if (isDone && (await sizeOf(connection, key)) === content.bytes) return;
        isAsked = true;
        await replace(connection, part, key);
      }, publishing);
    };
    return { publish: (publishing) => orDiscard(() => publish(publishing)), discard: () => discard(part) };
  };

  async function* filesIn(prefix: string, signal: AbortSignal): AsyncGenerator<string> {
    const entries = await ask((connection) => entriesOf(connection, prefix), signal);
    for (const { name, isDirectory, isFile } of entries ?? []) {
      const key = `${prefix}${name}`;
      if (isDirectory) yield* filesIn(`${key}/`, signal);
      else if (isFile && !isPart(name)) yield key;
    }
  }

  return {
    place: `ftp (${ownAddress(options)})`,
    async stage(file, key, _headers, signal, onBytes) {
      checkedKey(key);
      signal.throwIfAborted();
      const { size: bytes } = await stat(file);
      const from = (start: number) => createReadStream(file, { start, highWaterMark: 2 ** 18 });
      return await stageContent(key, file, { bytes, from }, signal, onBytes);
    },
    async tryWrite(key, by, signal) {
      checkedKey(key);
      signal.throwIfAborted();
      // Not empty, because vsftpd then refuses the encrypted data connection.
      await (await stageContent(key, by, contentOf("trial\n"), signal)).discard();
    },
    async write(key, text, _headers, signal) {
      checkedKey(key);
      signal.throwIfAborted();
      const staged = await stageContent(key, randomUUID(), contentOf(text), signal);
      await staged.publish(signal);
    },
    async stat(key, signal) {
      checkedKey(key);
      const bytes = await ask((connection) => sizeOf(connection, key), signal);
      return bytes === undefined ? undefined : { bytes };
    },
    async compare(key, { bytes, sha256 }, signal) {
      checkedKey(key);
      return await ask(async (connection) => {
        const size = await sizeOf(connection, key);
        if (size === undefined) return "missing";
        return size === bytes && (await hashOf(connection, key)) === sha256 ? "same" : "different";
      }, signal);
    },
    async read(key, signal) {
      checkedKey(key);
      return await ask((connection) => textAt(connection, key), signal);
    },
    async fetch(key, file, signal, mostBytes) {
      checkedKey(key);
      return await ask((connection) => fetchFile(connection, key, { file, signal, mostBytes }), signal);
    },
    async *list(prefix, signal, part) {
      yield* partOfList(filesIn(checkedPrefix(prefix), signal), part);
    },
    async unstage(file, key) {
      const part = partOf(checkedKey(key), file);
      await ask((connection) => removeWithFolders(connection, part), AbortSignal.timeout(cleanUpMs));
    },
    async remove(key, signal) {
      checkedKey(key);
      await ask((connection) => removeWithFolders(connection, key), signal);
    },
    urlOf: (key) => urlBelow(addressOf(options), checkedKey(key)),
  };
}

function contentOf(text: string): Content {
  const bytes = Buffer.from(text);
  return {
    bytes: bytes.length,
    async *from(start) {
      yield bytes.subarray(start);
    },
  };
}

const addressOf = (options: FtpOptions) => options.publicUrl ?? ownAddress(options);

function ownAddress({ host, port, root = "" }: FtpOptions) {
  const address = `ftp://${host.includes(":") ? `[${host}]` : host}${port ? `:${port}` : ""}`;
  return root ? urlBelow(address, join(root).replace(/^\/+/, "")) : address;
}
