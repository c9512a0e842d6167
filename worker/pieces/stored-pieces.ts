import { mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { fromJsonText } from "#shared/json-text.ts";
import { readIfThere, writeDurably } from "#worker/journal/durable.ts";

/** A piece that is encoded: each rendition is a file in its folder. */
export type StoredPiece = v.InferOutput<typeof StoredPiece>;
const StoredPiece = v.object({
  /** Pictures of the source that were decoded for it. */
  decoded: v.number(),
  /** When its last picture is shown, in seconds from its first one. */
  steadySeconds: v.exactOptional(v.number()),
  /** The versions of the libraries that encoded it. */
  libraries: v.record(v.string(), v.string()),
});

export type StoredPieces = Awaited<ReturnType<typeof openPieces>>;

/**
 * The pieces of a film that are encoded, in a folder that outlives attempts and restarts of the machine: a piece is noted
 * once its files are on the disk. `key` tells what they are made of, and how: those of another key are removed.
 */
export async function openPieces(folder: string, key: string) {
  const keyFile = join(folder, "key");
  const dirOf = (at: number) => join(folder, String(at));
  const noteOf = (at: number) => join(folder, `${at}.json`);

  if ((await readIfThere(keyFile)) !== key) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    await writeDurably(keyFile, key);
  }

  return {
    folder,
    /** The folder of the files of a piece. */
    dirOf,
    /** What is known of a piece; undefined when it has to be encoded. */
    find: async (at: number) => fromJsonText(StoredPiece, await readIfThere(noteOf(at))),
    /** Makes an empty folder for the files of a piece. */
    async begin(at: number): Promise<string> {
      await rm(dirOf(at), { recursive: true, force: true });
      await mkdir(dirOf(at));
      return dirOf(at);
    },
    /** Keeps these files of a piece, and none beside them. */
    async keep(at: number, names: readonly string[], piece: StoredPiece): Promise<StoredPiece> {
      for (const name of await readdir(dirOf(at))) {
        if (!names.includes(name)) await rm(join(dirOf(at), name));
      }
      for (const name of names) {
        await using file = await open(join(dirOf(at), name));
        await file.sync();
      }
      await writeDurably(noteOf(at), JSON.stringify(piece));
      return piece;
    },
    /** Removes all of them. */
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
