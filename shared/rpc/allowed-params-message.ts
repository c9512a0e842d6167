import type { MessageInitShape } from "@bufbuild/protobuf";
import * as v from "valibot";
import type { AllowedParam, AllowedParamSchema } from "#proto/worker/v1/worker_pb.js";
import { AllowedParams, allowedEntries, isList } from "#shared/job/allowed-params.ts";

/** What a preset lets orders set, as its message has it. */
export const allowedParamsToMessage = (allow: AllowedParams): MessageInitShape<typeof AllowedParamSchema>[] =>
  allowedEntries(allow).map(([name, rule]) => {
    if (rule === true) return { name };
    if (isList(rule)) return { name, values: rule.map(String) };
    return { name, min: String(rule.min ?? ""), max: String(rule.max ?? "") };
  });

/** The same from its message, without what this version does not know. */
export function allowedParamsFromMessage(params: readonly AllowedParam[]): AllowedParams {
  const rules = params.map(({ name, ...rule }) => ({ [name]: ruleOf(rule) })).filter((one) => v.is(AllowedParams, one));
  return Object.assign({}, ...rules);
}

function ruleOf({ min, max, values }: Pick<AllowedParam, "min" | "max" | "values">) {
  if (values.length > 0) return values.map(valueIn);
  if (min === "" && max === "") return true;
  return { ...(min && { min: valueIn(min) }), ...(max && { max: valueIn(max) }) };
}

const valueIn = (text: string) => (Number.isNaN(Number(text)) ? text : Number(text));
