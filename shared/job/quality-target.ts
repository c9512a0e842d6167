import * as v from "valibot";
import { described } from "#shared/described.ts";

/** The lowest VMAF that may be aimed at: below it a picture is hardly one. */
const least = 30;
/** The highest: a picture held against itself has about 97.5, so that what lies above cannot be reached by any encode. */
const most = 97;

const message = `use a number from ${least} to ${most}`;

/** The quality that an encode is to have: its mean VMAF against the source, in orders, presets and journals. */
export const QualityTarget = v.strictObject(
  {
    vmaf: described(
      v.pipe(v.number(message), v.minValue(least, message), v.maxValue(most, message)),
      `The mean VMAF of the best rendition against the source, from ${least} to ${most}.`,
      93,
    ),
  },
  "must be an object, such as { vmaf: 93 }",
);
export type QualityTarget = v.InferOutput<typeof QualityTarget>;

/** What is wrong with a VMAF that is to be aimed at; undefined when nothing is. */
export const vmafProblem = (vmaf: number): string | undefined => (v.is(QualityTarget, { vmaf }) ? undefined : message);

/** What in the parameters of an order leaves no CRF to choose, and so nothing to aim with; undefined when nothing does. */
export function aimConflict(params: Partial<Record<string, unknown>>): string | undefined {
  const decided = ["crf", "bitrate"].find((name) => params[name] !== undefined);
  return decided && `aims at a VMAF by the CRF, which params.${decided} leaves no choice of: leave one out`;
}
