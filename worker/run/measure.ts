import type { QualityFacts } from "#shared/job/quality-facts.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Spawn } from "#worker/ffmpeg/run.ts";
import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { measureQuality } from "#worker/quality/measure-quality.ts";

/** Measures the quality of an output where the order asks for it, and reports how far that is. */
export async function measureAndReport(
  { order: { measure: metric }, meter, signal, step }: Job,
  { report }: Reporter,
  planned: Plan,
  encoded: EncodeReport,
  { stallMs, spawn }: { stallMs: number; spawn: Spawn },
): Promise<{ quality?: QualityFacts }> {
  if (!metric) return {};
  let reported = -1;
  const onProgress = (percent: number) => {
    const whole = Math.floor(percent);
    if (whole <= reported) return;
    reported = whole;
    report({ status: "processing", progress: 100, message: `Measuring quality ${whole} %` });
  };
  onProgress(0);
  const options = { metric, report: encoded, signal, stallMs, spawn: meter.measuring(spawn), onProgress };
  const renditions = await step("measure", () => measureQuality(planned, options));
  return { quality: { metric, renditions } };
}
