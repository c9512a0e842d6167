import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import { scrub } from "#shared/scrub.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { checkStarted, ensureDiskNotFull, howItEnded } from "./ending.ts";
import { lines } from "./lines.ts";
import { type Tick, ticks } from "./progress.ts";
import { type Ended, run, type Spawn } from "./run.ts";
import { undecodable } from "./survey.ts";
import { watchdog } from "./watchdog.ts";

export type EncodeOptions = {
  /** Ends ffmpeg when it fires. */
  signal: AbortSignal;
  /** The longest time without a new frame or second, and without a byte written. */
  stallMs: number;
  /** How ffmpeg is started. Default: without a sandbox. */
  spawn?: Spawn;
  /** Gets all that ffmpeg says. */
  logFile?: string;
  /** Gets each line of it. */
  onLine?: (line: string) => void;
  /** The program and what comes before the arguments. Default: `ffmpeg`. */
  ffmpeg?: readonly [string, ...string[]];
};

const reports = ["-progress", "pipe:1", "-stats_period", "0.25", "-nostats"];

/** Makes the files that a plan's encode needs besides the source, if there are any. */
export async function prepare({ preparation, outputDir }: Plan, options: EncodeOptions): Promise<void> {
  for (const args of preparation?.steps ?? []) await toTheEnd(encode({ args, outputDir }, options));
}

/** Gets how far a pass is that only measures, by its number from 1. */
export type OnAnalysis = (tick: Tick, pass: number) => unknown;

/** Runs the passes of a plan that only measure, if there are any; the plan that they complete is the one to encode. */
export async function analyse(plan: Plan, options: EncodeOptions, onTick: OnAnalysis = () => {}): Promise<Plan> {
  let completed = plan;
  for (let pass = 1; completed.analysis; pass += 1) {
    const { analysis, outputDir } = completed;
    const said: string[] = [];
    const onLine = (line: string) => {
      // More than any meter says: a source may make ffmpeg complain for ever.
      if (said.push(line.slice(0, mostLength)) > mostLines) said.shift();
    };
    const ticks = encode({ args: analysis.args, outputDir }, { ...options, onLine });
    await toTheEnd(ticks, (tick) => onTick(tick, pass));
    completed = analysis.planWith(said);
  }
  return completed;
}

const [mostLines, mostLength] = [1_000, 500];

async function toTheEnd<T>(ticks: AsyncGenerator<Tick, T>, onTick: (tick: Tick) => unknown = () => {}): Promise<T> {
  let step = await ticks.next();
  while (!step.done) {
    await onTick(step.value);
    step = await ticks.next();
  }
  return step.value;
}

/** Runs a plan; ticks come up to four times a second. However it ends, ffmpeg is gone with it. */
export async function* encode(
  plan: Pick<Plan, "args" | "outputDir">,
  { signal, stallMs, ffmpeg = ["ffmpeg"], spawn = run, ...options }: EncodeOptions,
): AsyncGenerator<Tick, Ended> {
  const noProgress = () => new Fault("encode_failed", `no progress for ${stallMs / 1_000} s`);
  // At its end ffmpeg may move a whole file to put the index first, and reports nothing meanwhile.
  using stall = watchdog(stallMs, noProgress, () => isWriting(plan.outputDir, stallMs));
  const stopped = AbortSignal.any([signal, stall.signal]);
  const argv = [...ffmpeg, ...reports, ...plan.args] as const;
  const writes = [plan.outputDir];
  await using process = spawn({ ...options, argv, cwd: plan.outputDir, writes, signal: stopped });

  let furthest = { frame: 0, seconds: 0 };
  for await (const tick of ticks(lines(process.stdout))) {
    if (tick.frame > furthest.frame || tick.seconds > furthest.seconds) {
      furthest = tick;
      stall.touch();
    }
    yield tick;
  }

  const ended = await process.ended;
  stopped.throwIfAborted();
  ensureDiskNotFull(ended);
  if (ended.exitCode !== 0) throw failure(ended);
  return ended;
}

/** How ffmpeg ends when more than two thirds of the packets could not be decoded. */
const tooManyErrors = 69;

function failure(ended: Ended) {
  checkStarted(ended);
  const { lastLines } = ended;
  // Up to ffmpeg 6, and from 7 on.
  const codec = lastLines.flatMap(
    (line) => /(?:Decoder \(codec |no decoder found for: )([\w-]+)/.exec(line)?.[1] ?? [],
  )[0];
  if (codec) return undecodable("media", codec);
  if (ended.exitCode === tooManyErrors) {
    const cause = lastLines.join("\n");
    return new Fault("source_failed", "the source is damaged or encrypted: most of it cannot be decoded", { cause });
  }
  const words = lastLines.length > 0 ? `:\n${scrub(lastLines.join("\n"))}` : "";
  return new Fault("encode_failed", `ffmpeg ${howItEnded(ended)}${words}`, { cause: lastLines.join("\n") });
}

async function isWriting(dir: string, withinMs: number): Promise<boolean> {
  const names = await readdir(dir).catch(() => []);
  const found = await Promise.all(names.map((name) => stat(join(dir, name)).catch(() => undefined)));
  return found.some((file) => file !== undefined && Date.now() - file.mtimeMs < withinMs);
}
