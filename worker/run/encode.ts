import type { Output } from "#worker/delivery/output.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import { etaSeconds, percent, type Tick } from "#worker/ffmpeg/progress.ts";
import type { Spawn } from "#worker/ffmpeg/run.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";
import type { Plan } from "#worker/plan/plan.ts";

/** Encodes as planned and reports the progress. Finished media are delivered meanwhile. */
export const encodeAndReport = (
  { journal, meter, signal }: Job,
  { report }: Reporter,
  planned: Plan,
  output: Output,
  options: { stallMs: number; spawn: Spawn },
): Promise<EncodeReport> =>
  runPlan(planned, { ...options, logFile: journal.logFile, signal }, async (tick) => {
    meter.encoded(tick.seconds);
    await output.update();
    report({ ...updateOf(tick, planned), ...countsOf(output) });
  });

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
