import { createHash } from "node:crypto";
import * as v from "valibot";
import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import { plan } from "#worker/plan/decide.ts";
import type { Film } from "#worker/plan/film.ts";
import { mostPieces, pieceArgs } from "#worker/plan/pieces.ts";
import { BoardPreset } from "./board-preset.ts";
import { BoardProbe } from "./board-probe.ts";

const frame = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
export const boardId = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/));

/** What the pieces of a board are made of, and how: all that a worker needs which has the same ffmpeg. */
export type BoardPlan = v.InferOutput<typeof BoardPlan>;
export const BoardPlan = v.object({
  version: v.literal(1),
  /** Names this board: the next one of the same job has another. A random UUID. */
  board: boardId,
  /** What `boardKey` makes of the rest: who comes to another key would encode something else. */
  key: hex,
  /** The SHA-256 of the source, in hex. */
  source: hex,
  preset: BoardPreset,
  /** What is known of the source, as far as its pictures need it. */
  probe: BoardProbe,
  /** How many threads each encoder has. */
  threads: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256)),
  /** One after the other, from the first picture to the last. */
  pieces: v.pipe(
    v.array(v.object({ from: frame, to: frame })),
    v.minLength(2),
    v.maxLength(mostPieces),
    v.check((pieces) => pieces.every(({ from, to }, at) => from < to && from === (pieces[at - 1]?.to ?? 0))),
  ),
  /** How many workers the order asks for. */
  workers: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(32)),
  /** When the board was made, in Unix milliseconds. */
  createdAt: frame,
});

type Planned = Pick<BoardPlan, "preset" | "probe" | "pieces">;

// Nothing is read or written there.
const place = { input: "{source}", outputDir: "{output}", stem: "film", keyInfoFile: "{key}" };

/** How the pictures of a board's film are encoded, by this worker's own planner. Faults: as `plan`. */
export function filmOf({ preset, probe, pieces }: Planned, ffmpeg: Capabilities): Film | undefined {
  const { film } = plan(preset, probe, place, ffmpeg);
  return film?.frames === pieces.at(-1)?.to ? film : undefined;
}

/** The arguments of each piece, read from a cut of the source. */
export const boardArgs = (film: Film, { probe, pieces, threads }: Pick<BoardPlan, "probe" | "pieces" | "threads">) =>
  pieces.map((piece) => pieceArgs(film, probe, { input: "{source}", isCut: true, threads }, piece));

/** Tells what comes of a board's pieces: the source, ffmpeg, and each argument. Undefined where they are no pieces. */
export function boardKey(
  of: Planned & Pick<BoardPlan, "source" | "threads">,
  ffmpeg: Capabilities,
): string | undefined {
  const film = filmOf(of, ffmpeg);
  const args = film && boardArgs(film, of);
  return (
    args &&
    createHash("sha256")
      .update(JSON.stringify([ffmpeg.version.text, of.source, args]))
      .digest("hex")
  );
}
