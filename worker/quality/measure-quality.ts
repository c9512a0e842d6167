import { Fault, toFault } from "#shared/fault.ts";
import type { Metric } from "#shared/job/metric.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Spawn } from "#worker/ffmpeg/run.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { encodedRenditions } from "./renditions.ts";
import { scoreFrames } from "./score-frames.ts";
import { type Summary, summaryOf } from "./summary.ts";

type Options = {
  metric: Metric;
  /** What ffmpeg said of the encode. */
  report: EncodeReport;
  /** Ends ffmpeg when it fires. */
  signal: AbortSignal;
  /** The longest time in which no more pictures are compared. */
  stallMs: number;
  /** How ffmpeg is started. */
  spawn: Spawn;
  /** Called with how much is done, from 0 to 100. */
  onProgress(percent: number): void;
};

/** Scores of one rendition. */
export type RenditionScores = Summary & { path: string };

/**
 * Scores every rendition with pictures of a finished output, all of which is in the output directory, against what its
 * encoder was given.
 */
export async function measureQuality(
  plan: Plan,
  { metric, report, onProgress, ...options }: Options,
): Promise<RenditionScores[]> {
  const { reference, outputDir: dir } = plan;
  if (!reference) throw new Fault("internal", "nothing is known of what the encoder was given");
  const encoded = report.written.flatMap(({ kind, frames }) => (kind === "video" ? [frames] : []));
  const renditions = encodedRenditions(plan);
  const measured: RenditionScores[] = [];
  for (const [at, { path, pictures }] of renditions.entries()) {
    const frames = encoded[at] ?? 0;
    const compared = {
      ...{ metric, frames, distorted: pictures },
      reference: {
        inputs: [reference.input],
        stream: String(reference.stream),
        source: reference.source,
        also: reference.also,
        filters: reference.renditions[at]?.filters ?? [],
      },
    };
    const onFrames = (done: number) => onProgress((100 * (at + done / frames)) / renditions.length);
    const scores = await scoreFrames(compared, { ...options, dir, onFrames }).catch((error) => {
      throw about(path, error, options.signal);
    });
    measured.push({ path, ...summaryOf(scores, reference.framesPerSecond) });
  }
  return measured;
}

function about(path: string, error: unknown, { aborted }: AbortSignal): unknown {
  if (aborted) return error;
  const { kind, message, cause } = toFault(error);
  return new Fault(kind, `the quality of ${path} cannot be measured: ${message}`, { cause });
}
