import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileHash } from "#shared/storage/file-hash.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { runFfmpeg } from "#tests/support/clips.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { run, type Spawn } from "#worker/ffmpeg/run.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import { measureEntries } from "#worker/manifests/measure.ts";
import { boardAt } from "#worker/pieces/board.ts";
import { cutSource } from "#worker/pieces/cut-source.ts";
import { encodePiece } from "#worker/pieces/encode-piece.ts";
import { noteOf } from "#worker/pieces/encode-pieces.ts";
import { encodeSound } from "#worker/pieces/encode-sound.ts";
import { encodedIn, fitting, joinPieces, withSound } from "#worker/pieces/join-pieces.ts";
import { readPieceFile } from "#worker/pieces/piece-file.ts";
import { receivePiece } from "#worker/pieces/receive-piece.ts";
import { openPieces } from "#worker/pieces/stored-pieces.ts";
import { plan } from "#worker/plan/decide.ts";
import { pieceFiles, piecesOf } from "#worker/plan/pieces.ts";
import type { Encoded, Plan } from "#worker/plan/plan.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { withPieces } from "#worker/run/encode-pieces.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import { comparePictures } from "#worker/verify/pictures/compare.ts";
import { makeSegmentInspector } from "#worker/verify/segment-inspector.ts";
import { verify } from "#worker/verify/verify.ts";
import { metered } from "./metered.ts";
import type { Costs } from "./simulation/world.ts";

const { signal } = new AbortController();
/** A longer film, for what grows with its length, is this one so many times more. */
const more = 9;

/** The CPU time of this process and of what it starts on one core, and the work's answer. */
async function costOf<T>(work: (spawn: Spawn) => Promise<T>): Promise<{ seconds: number; made: T }> {
  const meter = metered((command) => run({ ...command, argv: ["taskset", "-c", "0", ...command.argv] }));
  const before = process.cpuUsage();
  const made = await work(meter.spawn);
  const { user, system } = process.cpuUsage(before);
  const seconds = meter.seconds() + (user + system) / 1e6;
  return { seconds, made };
}

/** What is measured of pieces of one length, in seconds of one core and in bytes. */
type PieceCosts = Pick<Costs, "firstPiece" | "piece" | "cut" | "receive" | "inputBytes" | "resultBytes">;

/** What each step of a shared job costs a worker of one core, measured once on a film of a few pieces. */
export async function costsOf(input: string, presetName: string, pieceSeconds: number): Promise<Omit<Costs, "fetch">> {
  await using folder = await temporaryFolder();
  const preset = presetNamed(await loadPresets(), presetName);
  const capabilities = await probeCapabilities().capabilities;
  const dir = async (name: string) => {
    const path = join(folder.path, name);
    await mkdir(path);
    return path;
  };

  const long = join(folder.path, "long.mp4");
  await runFfmpeg(["-stream_loop", String(more), "-i", input, "-c", "copy", long]);
  const examinedLong = await costOf((spawn) => examine(long, { signal, spawn }));
  const examined = await costOf((spawn) => examine(input, { signal, spawn }));
  const source = examined.made;
  const planIn = (outputDir: string, encoded: Encoded = {}) =>
    plan(preset, source, { input, outputDir, stem: "film", ...encoded }, capabilities);
  const planned = planIn(await dir("whole"));
  const pieces = piecesOf(planned, source, pieceSeconds);
  const { film } = planned;
  if (!film || pieces.length < 3) throw new Error("the film has fewer than three pieces");
  const minutes = (planned.durationSeconds ?? Number.NaN) / 60;
  const work = { film, pieces, source, input, threads: 1 };

  const hash = await costOf(() => fileHash(input, signal));
  const whole = await costOf((spawn) => runPlan(planned, { signal, stallMs: 600_000, spawn }));

  const stored = await openPieces(join(folder.path, "pieces"), "key", signal);
  const fits = fitting(work, stored);
  const known = [];
  const encoding: number[] = [];
  for (const [at, piece] of pieces.entries()) {
    const to = await stored.begin(at);
    const options = { signal, stallMs: 600_000, onTick() {} };
    const { seconds, made } = await costOf((spawn) => encodePiece(work, piece, to, { ...options, spawn }));
    if (!made || !(await fits(at))) throw new Error("the film cannot be encoded in pieces");
    encoding.push(seconds);
    known.push(await stored.keep(at, pieceFiles(film), noteOf(work, made)));
  }

  const [first, middle] = pieces;
  if (!first || !middle) throw new Error("there are pieces");
  const cutFile = join(folder.path, "1.input");
  const cutting = { folder: folder.path, longestMs: undefined, signal };
  const cut = await costOf((spawn) => cutSource(work, middle, cutFile, { ...cutting, spawn }));
  const files = pieceFiles(film).map((name) => join(stored.dirOf(1), name));
  const bytesOf = async (paths: readonly string[]) =>
    (await Promise.all(paths.map((path) => stat(path)))).reduce((sum, { size }) => sum + size, 0);

  const board = boardAt(localStorage({ root: await dir("board") }), "records", "job");
  for (const [rendition, file] of files.entries()) await board.putResult(1, 1, rendition, file, signal);
  const renditions = await Promise.all(
    files.map(async (file) => ({ bytes: (await stat(file)).size, sha256: await fileHash(file, signal) })),
  );
  const alike = (await Promise.all(files.map(readPieceFile))).filter((file) => file !== undefined);
  const done = { attempt: 1, worker: "helper", renditions, cpuSeconds: 1 };
  const received = await costOf((spawn) =>
    receivePiece(1, middle, done, join(folder.path, "received"), { board, work, alike, signal, spawn }),
  );
  if (received.made !== undefined) throw new Error(received.made);

  const sounded = await costOf((spawn) => soundOf(planned, { stored, signal, stallMs: 600_000, spawn }));
  const encoded = withSound(await joinPieces(work, stored, known), sounded.made);
  const out = await dir("joined");
  const joinedPlan = planIn(out, encodedIn(encoded));
  const joined = await costOf((spawn) => runPlan(joinedPlan, { signal, stallMs: 600_000, spawn }));
  const report = withPieces(joined.made, encoded);
  const verified = await costOf(async (spawn) => {
    const inspector = makeSegmentInspector(planned);
    await measureEntries(joinedPlan, { inspector });
    const output = await inspectOutputs(joinedPlan, out, signal, { spawn, inspector });
    verify(joinedPlan, output, report);
    return output;
  });
  const compared = await costOf((spawn) =>
    comparePictures({ plan: joinedPlan, files: verified.made, report, source, input }, { signal, spawn }),
  );

  // What a film as long as this one adds.
  const lookingInto = (examinedLong.seconds - examined.seconds) / more;
  const rest = encoding.slice(1);
  return {
    whole: whole.seconds / minutes,
    firstPiece: encoding[0] ?? Number.NaN,
    piece: rest.reduce((sum, seconds) => sum + seconds, 0) / rest.length,
    cut: cut.seconds,
    receive: received.seconds,
    open: Math.max(0, examined.seconds - lookingInto),
    compare: compared.seconds,
    examine: lookingInto / minutes,
    hash: hash.seconds / minutes,
    sound: sounded.seconds / minutes,
    join: joined.seconds / minutes,
    verify: verified.seconds / minutes,
    sourceBytes: (await stat(input)).size / minutes,
    outputBytes: (await bytesOf((await readdir(out)).map((name) => join(out, name)))) / minutes,
    inputBytes: (await stat(cutFile)).size,
    resultBytes: await bytesOf(files),
  };
}

async function soundOf({ sound }: Plan, options: Parameters<typeof encodeSound>[1]) {
  const encoded = sound && (await encodeSound(sound, options));
  if (!encoded) throw new Error("its sound is encoded with the output");
  return encoded;
}

/**
 * What pieces cost that are so many times as long: all that they are made of grows with them, but for what an encoder is
 * given beside them and what is read for that. Looking into one is starting programs.
 */
export function ofLongerPieces(costs: Omit<Costs, "fetch">, pieceSeconds: number, times: number): PieceCosts {
  // The first one has nothing before it, and a second behind it.
  const second = costs.firstPiece / (pieceSeconds + 1);
  const more = (times - 1) * pieceSeconds;
  return {
    firstPiece: costs.firstPiece + more * second,
    piece: costs.piece + more * second,
    cut: costs.cut * times,
    receive: costs.receive,
    inputBytes: costs.inputBytes + (more * costs.sourceBytes) / 60,
    resultBytes: costs.resultBytes * times,
  };
}
