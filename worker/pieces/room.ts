import { stat } from "node:fs/promises";
import { join } from "node:path";
import { diskSizeOf } from "#worker/disk-space.ts";
import type { Film } from "#worker/plan/film.ts";
import { type Piece, pieceFiles } from "#worker/plan/pieces.ts";
import type { StoredPieces } from "./stored-pieces.ts";

type Known = {
  film: Film;
  pieces: readonly Piece[];
  stored: Pick<StoredPieces, "folder"> & { dirOf(at: number): string };
};

/**
 * Whether the disk has room for the pieces that are missing and for all of them once more, which joining makes, if those to
 * come are as large as those that are there. True while there is none.
 */
export async function hasRoom(
  { film, pieces, stored }: Known,
  isThere: (at: number) => boolean,
  freeBytes = async (path: string) => (await diskSizeOf(path)).freeBytes,
): Promise<boolean> {
  const [all, done] = [framesOf(pieces), framesOf(pieces.filter((_, at) => isThere(at)))];
  if (done === 0) return true;
  const names = pieces.flatMap((_, at) =>
    isThere(at) ? pieceFiles(film).map((name) => join(stored.dirOf(at), name)) : [],
  );
  const sizes = await Promise.all(names.map(async (name) => (await stat(name)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return (await freeBytes(stored.folder)) > (bytes / done) * (all - done + all);
}

/** What is said where it has not. */
export const noRoom = "the disk has no room for its pieces and what is made of them";

const framesOf = (pieces: readonly Piece[]) => pieces.reduce((sum, { from, to }) => sum + to - from, 0);
