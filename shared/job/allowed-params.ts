import * as v from "valibot";
import { optional } from "#shared/described.ts";
import { kilobits } from "./bit-rate.ts";
import { frameRateIn } from "./frame-rate.ts";
import { type ParamName, type Params, paramValues } from "./params.ts";

const message = "write true, bounds such as { min: 18, max: 30 }, or a list of values";

const listMessage = "write true, or a list such as [fast, medium]";

const rule = <const S extends v.GenericSchema<number | string>>(
  value: S,
  least: v.InferInput<S>,
  most: v.InferInput<S>,
) =>
  v.exactOptional(
    v.union(
      [
        v.literal(true),
        v.pipe(
          v.strictObject({
            min: optional(value, "The least that an order may say. Default: the least that the service takes.", least),
            max: optional(value, "The most that an order may say. Default: the most that the service takes.", most),
          }),
          v.check((bounds) => Object.keys(bounds).length > 0, message),
        ),
        v.pipe(v.array(value), v.nonEmpty(message)),
      ],
      message,
    ),
  );

/** The parameters that orders may set, and within which bounds: `true` for all that the service takes. */
export const AllowedParams = v.strictObject(
  {
    crf: rule(paramValues.crf, 18, 30),
    bitrate: rule(paramValues.bitrate, "500k", "4000k"),
    maxrate: rule(paramValues.maxrate, "500k", "6000k"),
    size: rule(paramValues.size, 240, 1080),
    frame_rate: rule(paramValues.frame_rate, 24, 30),
    speed: v.exactOptional(
      v.union([v.literal(true), v.pipe(v.array(paramValues.speed), v.nonEmpty(listMessage))], listMessage),
    ),
    audio_bitrate: rule(paramValues.audio_bitrate, "64k", "192k"),
    loudness: rule(paramValues.loudness, -24, -14),
    segment_seconds: rule(paramValues.segment_seconds, 2, 10),
    gop_seconds: rule(paramValues.gop_seconds, 1, 4),
  } satisfies Record<ParamName, unknown>,
  "write the names of parameters, such as `crf: { min: 18, max: 30 }`",
);
export type AllowedParams = v.InferOutput<typeof AllowedParams>;

type Value = number | string;
type Rule = true | { min?: Value; max?: Value } | readonly Value[];

/** What of a parameter's value a rule does not allow; undefined when it does. */
export function ruleProblem(name: ParamName, value: Value, rule: Rule): string | undefined {
  if (rule === true) return undefined;
  const amount = amountOf(name, value);
  if (isList(rule))
    return rule.some((one) => String(one) === String(value)) ? undefined : `must be one of ${rule.join(", ")}`;
  const { min, max } = rule;
  const isBelow = min !== undefined && amount < amountOf(name, min);
  const isAbove = max !== undefined && amount > amountOf(name, max);
  return isBelow || isAbove ? `must be ${boundsWords(min, max)}` : undefined;
}

export const isList = (rule: Rule): rule is readonly Value[] => Array.isArray(rule);

function boundsWords(min: Value | undefined, max: Value | undefined): string {
  if (min === undefined) return `at most ${max}`;
  return max === undefined ? `at least ${min}` : `from ${min} to ${max}`;
}

function amountOf(name: ParamName, value: Value): number {
  if (name === "frame_rate") {
    const rate = frameRateIn(value);
    return rate ? rate.over / rate.under : Number.NaN;
  }
  return typeof value === "number" ? value : kilobits(value);
}

/** The parameters that are set, each with its value. */
export const paramEntries = (params: Params): (readonly [ParamName, Value])[] =>
  (Object.entries(params) as [ParamName, Value | undefined][]).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );

/** The parameters that are allowed, each with its rule. */
export const allowedEntries = (allow: AllowedParams): (readonly [ParamName, Rule])[] =>
  (Object.entries(allow) as [ParamName, Rule | undefined][]).flatMap(([name, rule]) =>
    rule === undefined ? [] : [[name, rule] as const],
  );
