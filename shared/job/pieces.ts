import * as v from "valibot";
import { described } from "#shared/described.ts";
import { storedInt32 } from "./number.ts";

/** The JSON of how far the pieces of a film are, in REST, SSE, webhooks and records. */
export const PiecesJson = v.object({
  done: described(v.number(), "Pieces that are encoded, those of earlier attempts included.", 7),
  total: described(v.number(), "Pieces that the film is encoded in.", 12),
  workers: described(
    v.number(),
    "Workers that encode pieces now, 0 while none does; in the final event those that encoded any.",
    3,
  ),
});
type PiecesJson = v.InferOutput<typeof PiecesJson>;

/** How far the pieces of a film are. Control planes alone read the rest: by it they find other workers for them. */
export type Pieces = PiecesJson & {
  /** The id of the board on which other workers find pieces; absent where there is none. */
  board?: string;
  /** Numbers of pieces, from 0, that other workers can take now. */
  open?: readonly number[];
};

/** Pieces as an event has them that this or another version has stored. */
export const StoredPieces = v.object({ done: storedInt32, total: storedInt32, workers: storedInt32 });

/** What everybody may see of them. */
export const piecesToJson = ({ done, total, workers }: Pieces): PiecesJson => ({ done, total, workers });
