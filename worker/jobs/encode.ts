import { encode } from "#worker/ffmpeg/encode.ts";
import { etaSeconds, percent, type Tick } from "#worker/ffmpeg/progress.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { Job } from "./job.ts";
import type { Reporter } from "./reporter.ts";

/** Encodes as planned, telling how far it is. */
export async function encodeAndTell({ journal, signal }: Job, { say }: Reporter, planned: Plan, stallMs: number) {
  const ticks = encode(planned, { logFile: journal.logFile, stallMs, signal });
  for (;;) {
    const { done, value } = await ticks.next();
    if (done) return value;
    say(newsOf(value, planned));
  }
}

function newsOf({ frame, seconds, fps, speed }: Tick, { durationSeconds, totalFrames }: Plan) {
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
