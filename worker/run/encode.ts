import type { Output } from "#worker/delivery/output.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import { etaSeconds, percent, type Tick } from "#worker/ffmpeg/progress.ts";
import { type Spawn, spawnFor } from "#worker/ffmpeg/run.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { encodeInPieces, type Splitting, withPieces } from "./encode-pieces.ts";

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
  const { journal, meter, signal, order } = job;
  const encoded = await encodeInPieces(job, reporter, planned, splitting, options);
  if (encoded) {
    const spawn = spawnFor(options.spawn, { reads: [journal.piecesDir], longestMs: order.timeoutMs });
    const run = { ...options, spawn, logFile: journal.logFile, signal };
    const joined = await runPlan(splitting.planWith(encoded.lists), run, async () => {
      await output.update();
      reporter.report({ status: "processing", progress: 100, message: "Joining the pieces", ...countsOf(output) });
    });
    return withPieces(joined, encoded);
  }
  return runPlan(planned, { ...options, logFile: journal.logFile, signal }, async (tick) => {
    meter.encoded(tick.seconds);
    await output.update();
    reporter.report({ ...updateOf(tick, planned), ...countsOf(output) });
  });
}

function countsOf({ counts }: Output) {
  const { filesUploaded, bytesUploaded } = counts();
  return filesUploaded > 0 ? { filesUploaded, bytesUploaded } : {};
}

function updateOf({ frame, seconds, fps, speed }: Tick, { durationSeconds, totalFrames }: Plan) {
  const eta = etaSeconds(seconds, durationSeconds, speed);
  return {
    status: "processing" as const,
    message: totalFrames ? `Encoding frame ${Math.min(frame, totalFrames)}/${totalFrames}` : `Encoding frame ${frame}`,
    ...(durationSeconds && { progress: percent(seconds, durationSeconds) }),
    ...(fps > 0 && { fps }),
    ...(speed > 0 && { speed }),
    ...(eta !== undefined && { etaSeconds: eta }),
  };
}
