import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Output } from "#worker/delivery/output.ts";
import { filesIn } from "#worker/delivery/uploads.ts";
import { analyse, encode } from "#worker/ffmpeg/encode.ts";
import { etaSeconds, percent, type Tick } from "#worker/ffmpeg/progress.ts";
import type { Spawn } from "#worker/ffmpeg/run.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { Job } from "./job.ts";
import type { Reporter } from "./reporter.ts";

/** Encodes as planned, telling how far it is; what is finished is delivered meanwhile. */
export async function encodeAndTell(
  { journal, meter, signal }: Job,
  { say }: Reporter,
  planned: Plan,
  output: Output,
  how: { stallMs: number; spawn: Spawn },
) {
  const options = { ...how, logFile: journal.logFile, signal };
  for await (const tick of encode(await analyse(planned, options), options)) {
    meter.encoded(tick.seconds);
    await output.update();
    say({ ...newsOf(tick, planned), ...countsOf(output) });
  }
  await writeDerived(planned);
}

/** Writes the texts of ours that join what ffmpeg made. */
async function writeDerived({ derived = [], outputDir }: Plan) {
  const names = await filesIn(outputDir);
  for (const { name, text } of derived) await writeFile(join(outputDir, name), text(names));
}

function countsOf({ counts }: Output) {
  const { filesUploaded, bytesUploaded } = counts();
  return filesUploaded > 0 ? { filesUploaded, bytesUploaded } : {};
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
