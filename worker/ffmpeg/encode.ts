import { Fault } from "#shared/fault.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { lines } from "./lines.ts";
import { type Tick, ticks } from "./progress.ts";
import { type Ended, run } from "./run.ts";
import { scrub } from "./scrub.ts";
import { watchdog } from "./watchdog.ts";

type Options = {
  signal: AbortSignal;
  /** The longest time without a new frame or second. */
  stallMs: number;
  /** Gets all that ffmpeg says. */
  logFile?: string;
  graceMs?: number;
  ffmpeg?: readonly [string, ...string[]];
};

const reports = ["-progress", "pipe:1", "-stats_period", "0.25", "-nostats"];

/** Runs a plan; ticks come up to four times a second. However it ends, ffmpeg is gone with it. */
export async function* encode(
  plan: Pick<Plan, "args" | "outputDir">,
  { signal, stallMs, logFile, graceMs = 5_000, ffmpeg = ["ffmpeg"] }: Options,
): AsyncGenerator<Tick, { cpuSeconds: number }> {
  using stall = watchdog(stallMs, () => new Fault("encode_failed", `no progress for ${stallMs / 1_000} s`));
  const stopped = AbortSignal.any([signal, stall.signal]);
  const argv = [...ffmpeg, ...reports, ...plan.args] as const;
  await using process = run({ argv, cwd: plan.outputDir, logFile, graceMs, signal: stopped });

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
  if (ended.exitCode !== 0) throw failure(ended);
  return { cpuSeconds: ended.cpuSeconds };
}

function failure({ exitCode, signalCode, lastLines }: Ended) {
  const how = signalCode === null ? `ended with exit code ${exitCode}` : `was killed by ${signalCode}`;
  const why = signalCode === "SIGKILL" ? ", most likely because the machine ran out of memory" : "";
  const words = lastLines.length > 0 ? `:\n${scrub(lastLines.join("\n"))}` : "";
  return new Fault("encode_failed", `ffmpeg ${how}${why}${words}`, { cause: lastLines.join("\n") });
}
