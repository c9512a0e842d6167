import { join } from "node:path";
import { analyse, prepare } from "#worker/ffmpeg/encode.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Spawn } from "#worker/ffmpeg/run.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import { sourceOf, withReadableSource } from "#worker/pieces/copy-source.ts";
import { encodePieces } from "#worker/pieces/encode-pieces.ts";
import { encodeSound } from "#worker/pieces/encode-sound.ts";
import { encodedIn, withSound } from "#worker/pieces/join-pieces.ts";
import { openPieces } from "#worker/pieces/stored-pieces.ts";
import { piecesOf } from "#worker/plan/pieces.ts";
import type { Encoded, Plan } from "#worker/plan/plan.ts";
import { withPieces } from "#worker/run/encode-pieces.ts";
import { temporaryFolder } from "./service.ts";

type Options = { signal: AbortSignal; stallMs: number; spawn?: Spawn };

/** How long pieces are in a run of tests that encodes all it can in pieces (`scripts/test-split`). */
export const splitSeconds = Number(process.env["SPLIT_SECONDS"] ?? 0);

/** A plan for a source, and for its pictures that are encoded already. */
export type Work = { planned: Plan; planWith(encoded: Encoded): Plan; source: Probe; input: string };

/** The pieces of a plan's pictures, kept in this folder; undefined where they are encoded together. */
export async function piecesFor(
  { planned, source, input }: Omit<Work, "planWith">,
  { seconds, folder }: { seconds: number; folder: string },
  options: Options,
) {
  const pieces = piecesOf(planned, source, seconds);
  const { film } = planned;
  if (!film || pieces.length === 0) return undefined;
  const stored = await openPieces(join(folder, "pieces"), "key", options.signal);
  const encoding = { ...options, stored, onProgress() {} };
  const also = planned.reference?.also ?? [];
  const encoded = await withReadableSource({ film, pieces, ...sourceOf({ source, input }) }, also, encoding, (work) =>
    encodePieces(work, encoding),
  );
  // As where several workers share the film.
  const sound = encoded && planned.sound && (await encodeSound(planned.sound, { ...options, stored }));
  return encoded && sound ? withSound(encoded, sound) : encoded;
}

/** Encodes as a worker does whose SPLIT_SECONDS is this; 0 for one encode. */
export async function encodeAsWorker(work: Work, seconds: number, options: Options): Promise<EncodeReport> {
  await using folder = await temporaryFolder();
  if (seconds === 0) return runPlan(work.planned, options);
  await prepare(work.planned, options);
  const planned = await analyse(work.planned, options);
  const encoded = await piecesFor({ ...work, planned }, { seconds, folder: folder.path }, options);
  if (!encoded) return runPlan(planned, options);
  return withPieces(await runPlan(work.planWith({ ...encodedIn(encoded), gains: planned.gains }), options), encoded);
}
