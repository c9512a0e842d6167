import * as v from "valibot";
import { described, optional } from "#shared/described.ts";
import { fewOf, figure, pathText } from "./fact-schemas.ts";
import type { DeepCamelKeys } from "./field-names.ts";
import { metrics } from "./metric.ts";

/** VMAF goes from 0 to 100, SSIM from -1 to 1. */
const score = v.pipe(v.number(), v.minValue(-1), v.maxValue(1_000));

const crf = v.pipe(v.number(), v.minValue(0), v.maxValue(100));

const MeasuredRendition = v.object({
  path: described(pathText, "The rendition, as `outputs` names it.", "video_0.m3u8"),
  crf: optional(crf, "The CRF that it was encoded with, where a quality or a ladder was aimed at.", 25.3),
  mean: optional(
    score,
    "The mean of the scores of all pictures; this and what follows is absent unless measured.",
    93.41,
  ),
  harmonic_mean: optional(score, "Their harmonic mean as libvmaf makes it: n / (sum of 1 / (score + 1)) - 1.", 93.2),
  p1: optional(score, "The score that 1 of 100 pictures does not exceed.", 81.02),
  p5: optional(score, "The score that 5 of 100 pictures do not exceed.", 86.77),
  worst: v.exactOptional(
    v.pipe(
      v.object({
        start_seconds: described(figure, "When they begin, in seconds.", 41.2),
        duration_seconds: described(figure, "2 seconds, or all of a shorter film.", 2),
        mean: described(score, "The mean of the scores of their pictures.", 79.5),
      }),
      v.metadata({ description: "The two seconds whose mean is the lowest." }),
    ),
  ),
  scores: optional(
    fewOf(score),
    "Means over time, each of an equal part of the pictures; at most 100. Absent in lists.",
    [94.1, 92.7],
  ),
});

/** The JSON of how good an output is, in REST, SSE, webhooks and records. */
export const QualityJson = v.object({
  metric: described(v.picklist(metrics), "What the scores are: VMAF (0 to 100) or SSIM (up to 1).", "vmaf"),
  target: optional(score, "The mean VMAF that was aimed at; absent when none was.", 93),
  target_metric: optional(
    v.picklist(["vmaf"]),
    "What `target` is a score of, whatever `metric` is; absent without a target, and in jobs of former versions, whose targets are VMAF as well.",
    "vmaf",
  ),
  reached: optional(
    v.boolean(),
    "Whether the best rendition has it, or more: by the whole film where that was measured by VMAF (at most 1 less), else by a sample of it (at most 0.5 less). Absent where neither could be scored; `reason` says why.",
    true,
  ),
  reason: optional(
    v.pipe(v.string(), v.maxLength(2_000)),
    "Why the CRFs and renditions are as they are, in sentences for people.",
    "Of a sample of the film CRF 23 gives VMAF 94.7, CRF 24.9 gives VMAF 93.2. CRF 25.1 is taken.",
  ),
  renditions: v.pipe(
    fewOf(MeasuredRendition),
    v.metadata({ description: "Each rendition with pictures, in the order of the output; at most 100." }),
  ),
});

/** How good an output is against its source, and what was decided to make it so, with the fields of `QualityJson`. */
export type QualityFacts = DeepCamelKeys<v.InferOutput<typeof QualityJson>>;
