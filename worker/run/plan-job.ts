import type { Order } from "#shared/job/order.ts";
import { type AskedFfmpeg, type Capabilities, knowingEnough } from "#worker/ffmpeg/capabilities.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { checkMeasurable } from "#worker/quality/check-metric.ts";
import { splitSecondsFor } from "./encode-pieces.ts";

type Deps = {
  /** What ffmpeg can, of which some may still be asked. */
  ffmpeg: AskedFfmpeg;
  /** About how long the pieces are that longer films are encoded in, in seconds; undefined: one encode. */
  splitSeconds?: number | undefined;
};

/** Plans a job as soon as enough is known of ffmpeg for it: all only where it is measured, or cut into pieces. */
export async function planJob(order: Order, preset: Preset, deps: Deps, make: (ffmpeg: Capabilities) => Plan) {
  const { capabilities } = deps.ffmpeg;
  const known = await knowingEnough(deps.ffmpeg, (ffmpeg) => ({ ffmpeg, planned: make(ffmpeg) }));
  const { planned } = known;
  if (order.measure) checkMeasurable(order.measure, planned, await capabilities);
  const seconds = splitSecondsFor(order, preset, deps.splitSeconds, planned);
  return { planned, seconds, ffmpeg: seconds === undefined ? known.ffmpeg : await capabilities };
}
