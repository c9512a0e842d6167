import * as v from "valibot";
import { checkAll, Fault, invalidField } from "#shared/fault.ts";
import { paramEntries } from "#shared/job/allowed-params.ts";
import type { Order } from "#shared/job/order.ts";
import type { ParamName, Params } from "#shared/job/params.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { paramProblem } from "./param-problem.ts";
import { Preset } from "./schema.ts";
import { withParams } from "./with-params.ts";

/** The fields of an order that say how its preset applies. */
export type PresetFields = Pick<Order, "params">;

/**
 * The preset with all that an order says of how it applies: what everything after it goes by. Throws `invalid`, by the
 * fields of the order, for what the preset does not take.
 */
export function presetFor({ params = {} }: PresetFields, preset: Preset): Preset {
  const entries = paramEntries(params);
  checkAll(
    ...entries.map(([name]) => () => {
      const problem = paramProblem(name, params, preset);
      if (problem !== undefined) throw invalidField(`params.${name}`, problem);
    }),
  );
  if (entries.length === 0 || "ffmpeg_args" in preset) return preset;
  return parsed(withParams(preset, params), params);
}

/** What an order has made of a preset is held against the same rules as a file. */
function parsed(settings: object, params: Params): Preset {
  const { success, output, issues } = v.safeParse(Preset, omitEmpty(settings));
  if (success) return output;
  const fields = issues.map((issue) => ({ field: fieldOf(v.getDotPath(issue) ?? "", params), message: issue.message }));
  throw new Fault("invalid", fields.map(({ field, message }) => `${field}: ${message}`).join("; "), { fields });
}

/** The field of an order by which a setting of a preset has become what it must not be. */
function fieldOf(setting: string, params: Params): string {
  const names = settingNames.find(([pattern]) => pattern.test(setting))?.[1] ?? [];
  const set = names.find((name) => params[name] !== undefined);
  return set ? `params.${set}` : "params";
}

const settingNames: readonly (readonly [RegExp, readonly ParamName[]])[] = [
  [/^video\.renditions\.\d+\.crf$/, ["crf"]],
  [/^video\.renditions/, ["maxrate", "bitrate", "size"]],
  [/^segments\.seconds$/, ["segment_seconds", "gop_seconds"]],
];
