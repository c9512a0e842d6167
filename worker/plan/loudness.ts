import * as v from "valibot";
import { fromJsonText } from "#shared/json-text.ts";

const target = (loudness: number) => `loudnorm=I=${loudness}:TP=-1.5:LRA=11`;

/** Measures and says so on stderr, as JSON. */
export const measuring = (loudness: number) => `${target(loudness)}:print_format=json`;

const decibels = v.pipe(v.string(), v.transform(Number), v.number(), v.finite());
const Measured = v.object({
  input_i: decibels,
  input_tp: decibels,
  input_lra: decibels,
  input_thresh: decibels,
  target_offset: decibels,
});

/** The second pass, from what the first said; undefined when there is nothing to hear, and so nothing to bring up. */
export function normalising(loudness: number, stderr: string): string | undefined {
  const report = /\{[^{}]*"input_i"[^{}]*\}/.exec(stderr)?.[0];
  const measured = fromJsonText(Measured, report);
  if (!measured) return undefined;
  const { input_i, input_tp, input_lra, input_thresh, target_offset } = measured;
  return [
    target(loudness),
    `measured_I=${input_i}:measured_TP=${input_tp}:measured_LRA=${input_lra}:measured_thresh=${input_thresh}`,
    `offset=${target_offset}:linear=true`,
  ].join(":");
}
