import { Fault } from "#shared/fault.ts";
import type { QualityFacts } from "#shared/job/quality-facts.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { Aimed } from "./aim.ts";
import { encodedRenditions } from "./renditions.ts";

/** So much less than its target a measured film may have and still has reached it: a sample is not the film. */
const mostMissing = 1;
/** What misses its target by more than this, for no reason that was foreseen, is not delivered. */
const mostEver = 2;

/**
 * What was decided of a film, and what came of it. Throws when it was measured and is much worse than the sample that it
 * was decided by, and no bound was in the way.
 */
export function outcomeOf(aimed: Aimed, plan: Plan, measured: QualityFacts | undefined): QualityFacts {
  const { target, found, reason } = aimed;
  const mean = measured?.metric === "vmaf" ? measured.renditions[0]?.mean : undefined;
  if (target !== undefined && mean !== undefined && mean < target - mostEver && found?.isReached && !found.limit)
    throw missed(target, mean, found.crf);
  const isReached = target !== undefined && mean !== undefined ? mean >= target - mostMissing : found?.isReached;
  const words = mean === undefined || target === undefined ? [] : [`The whole film has VMAF ${mean.toFixed(1)}.`];
  const paths = measured?.renditions ?? encodedRenditions(plan).map(({ path }) => ({ path }));
  return {
    metric: measured?.metric ?? "vmaf",
    ...(target !== undefined && { target, targetMetric: "vmaf" as const }),
    ...(target !== undefined && isReached !== undefined && { reached: isReached }),
    reason: [reason, ...words].filter(Boolean).join(" "),
    renditions: paths.map((rendition, at) => {
      const crf = plan.reference?.renditions[at]?.crf;
      return { ...rendition, ...(crf !== undefined && { crf }) };
    }),
  };
}

const missed = (target: number, mean: number, crf: number) =>
  new Fault(
    "encode_failed",
    `the film has VMAF ${mean.toFixed(1)} and was to have ${target}: its sample, by which CRF ${crf} was chosen, does not stand for it; ` +
      "order it with a preset of a lower CRF, or without measure",
  );
