import { mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { fromJsonText } from "#shared/json-text.ts";
import { fileHash } from "#shared/storage/file-hash.ts";
import { ignoreMissing, readIfThere, writeDurably } from "#worker/journal/durable.ts";

/** A piece that is encoded: each rendition is a file in its folder. */
export type StoredPiece = v.InferOutput<typeof StoredPiece>;
const StoredPiece = v.object({
  /** Pictures of the source that were decoded for it. */
  decoded: v.number(),
  /** When its last picture is shown, in seconds from the first one that was encoded. */
  steadySeconds: v.exactOptional(v.number()),
  /** The versions of the libraries that encoded it. */
  libraries: v.record(v.string(), v.string()),
  /** The other worker that has encoded it; absent where it was this one. */
  worker: v.exactOptional(v.string()),
  /** Of all sounds of the film, which are kept as another piece: what was read and encoded. */
  sound: v.exactOptional(
    v.object({
      read: v.array(v.tuple([v.number(), v.object({ packets: v.number(), frames: v.number() })])),
      written: v.array(v.object({ frames: v.number(), samples: v.number() })),
      mixedPeak: v.exactOptional(v.number()),
    }),
  ),
});

/** A piece by its number, or the film's sounds. */
type PieceName = number | "sound";

/** What is on the disk of a piece: disks lose and change what they were given, and a power cut may. */
const Note = v.object({ piece: StoredPiece, sha256: v.record(v.string(), v.string()) });

export type StoredPieces = Awaited<ReturnType<typeof openPieces>>;

/**
 * The pieces of a film that are encoded, in a folder that outlives attempts and restarts of the machine: a piece is noted
 * once its files are on the disk. `key` tells what they are made of, and how: those of another key are removed.
 */
export async function openPieces(folder: string, key: string, signal: AbortSignal) {
  const keyFile = join(folder, "key");
  const refusal = join(folder, "refused");
  const dirOf = (at: PieceName) => join(folder, String(at));
  const noteOf = (at: PieceName) => join(folder, `${at}.json`);

  const begin = async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    await writeDurably(keyFile, key);
  };
  if ((await readIfThere(keyFile)) !== key) await begin();

  return {
    folder,
    /** The folder of the files of a piece. */
    dirOf,
    /** What is known of a piece whose files are as they were kept; undefined when it has to be encoded. */
    async find(at: PieceName): Promise<StoredPiece | undefined> {
      const note = fromJsonText(Note, await readIfThere(noteOf(at)));
      for (const [name, sha256] of Object.entries(note?.sha256 ?? {})) {
        if ((await fileHash(join(dirOf(at), name), signal).catch(ignoreMissing)) !== sha256) return undefined;
      }
      return note?.piece;
    },
    /** Makes an empty folder for the files of a piece. */
    async begin(at: PieceName): Promise<string> {
      await rm(dirOf(at), { recursive: true, force: true });
      await mkdir(dirOf(at));
      return dirOf(at);
    },
    /** Keeps these files of a piece, and none beside them. */
    async keep(at: PieceName, names: readonly string[], piece: StoredPiece): Promise<StoredPiece> {
      for (const name of await readdir(dirOf(at))) {
        if (!names.includes(name)) await rm(join(dirOf(at), name));
      }
      const sha256: Record<string, string> = {};
      for (const name of names) {
        const path = join(dirOf(at), name);
        await using file = await open(path);
        await file.sync();
        sha256[name] = await fileHash(path, signal);
      }
      await writeDurably(noteOf(at), JSON.stringify({ piece, sha256 } satisfies v.InferInput<typeof Note>));
      return piece;
    },
    /** Removes all of them, for this attempt and those that follow: they do not give what one encode gives. */
    async refuse() {
      await begin();
      await writeDurably(refusal, "");
    },
    /** Whether they were. */
    isRefused: async () => (await readIfThere(refusal)) !== undefined,
  };
}
