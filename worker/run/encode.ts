import type { Output } from "#worker/delivery/output.ts";
import { analyse, prepare } from "#worker/ffmpeg/encode.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Tick } from "#worker/ffmpeg/progress.ts";
import { type Spawn, spawnFor } from "#worker/ffmpeg/run.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";
import { encodedIn } from "#worker/pieces/join-pieces.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { encodeInPieces, type Splitting, withPieces } from "./encode-pieces.ts";
import { analysisProgress, encodeProgress, joinProgress } from "./encode-progress.ts";

type Options = { stallMs: number; spawn: Spawn };

/**
 * Encodes as planned and reports the progress, in pieces where that is wanted and can be. Finished media are delivered
 * meanwhile.
 */
export async function encodeAndReport(
  job: Job,
  reporter: Reporter,
  planned: Plan,
  output: Output,
  { splitting, ...options }: Options & { splitting: Splitting },
): Promise<EncodeReport> {
  const { journal, meter, signal, order, step } = job;
  const run = { ...options, logFile: journal.logFile, signal };
  const onAnalysis = (tick: Tick, pass: number) => reporter.report(analysisProgress(tick, planned, pass));
  const measure = async () => {
    await prepare(planned, run);
    return analyse(planned, run, onAnalysis);
  };
  // The sounds of a film in pieces are encoded beside those, or when they are joined.
  const completed = planned.analysis && splitting.seconds !== undefined && planned.film ? await measure() : planned;
  const encoded = await encodeInPieces(job, reporter, completed, splitting, options);
  if (encoded) {
    const spawn = spawnFor(options.spawn, { reads: [journal.piecesDir], longestMs: order.timeoutMs });
    const reportJoin = (tick?: Tick) =>
      reporter.report({
        ...joinProgress(encoded.report.pieces.length, planned, tick, encoded.sound !== undefined),
        ...countsOf(output),
      });
    reportJoin();
    const join = () =>
      runPlan(
        splitting.planWith({ ...encodedIn(encoded), gains: completed.gains }),
        { ...run, spawn },
        async (tick) => {
          await output.update();
          reportJoin(tick);
        },
      );
    const joined = await step("join", join);
    return withPieces(joined, encoded);
  }
  const from = reporter.progress();
  const onTick = async (tick: Tick) => {
    meter.encoded(tick.seconds);
    await output.update();
    reporter.report({ ...encodeProgress(tick, completed, from), ...countsOf(output) });
  };
  return runPlan(completed, run, onTick, onAnalysis);
}

function countsOf({ counts }: Output) {
  const { filesUploaded, bytesUploaded } = counts();
  return filesUploaded > 0 ? { filesUploaded, bytesUploaded } : {};
}
