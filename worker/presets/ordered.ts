import * as v from "valibot";
import type { JobRequest } from "#proto/worker/v1/worker_pb.js";
import { checkAll, Fault, invalidField } from "#shared/fault.ts";
import { paramEntries, ruleProblem } from "#shared/job/allowed-params.ts";
import { Params } from "#shared/job/params.ts";
import { PictureSettings } from "#shared/job/picture.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { paramsIn } from "#shared/rpc/params-message.ts";
import { pictureIn } from "#shared/rpc/picture-message.ts";
import { type PresetFields, presetFor } from "./for-order.ts";
import type { Preset } from "./schema.ts";

type Request = Pick<JobRequest, "params" | "tenant" | "quality"> & Partial<Pick<JobRequest, "picture">>;

/** What a request says of how its preset applies, as an order has it. Throws `invalid` for values that are none. */
export function presetFields({ params, picture }: Pick<Request, "params" | "picture">): PresetFields {
  const asked = { params: paramsIn(params), picture: pictureIn(picture) };
  checkAll(
    () => checkValues(Params, asked.params, "params."),
    () => checkValues(PictureSettings, asked.picture, ""),
  );
  return omitEmpty({
    params: asked.params && v.parse(Params, asked.params),
    picture: asked.picture && v.parse(PictureSettings, asked.picture),
  });
}

function checkValues(schema: v.GenericSchema, asked: unknown, prefix: string) {
  const { success, issues } = v.safeParse(schema, asked ?? {});
  if (success) return;
  const fields = issues.map((issue) => ({ field: `${prefix}${v.getDotPath(issue)}`, message: issue.message }));
  throw new Fault("invalid", fields.map(({ field, message }) => `${field}: ${message}`).join("; "), { fields });
}

/** The preset of a request, with what that says of how it applies. Throws for what it does not take or allow. */
export function orderedPreset(request: Request, preset: Preset): Preset {
  const fields = presetFields(request);
  checkAll(
    () => checkAllowed(fields, request, preset),
    () => checkTarget(fields, request),
  );
  return presetFor(fields, preset);
}

/** A tenant may set what the preset allows or its own file grants; whoever sets a parameter keeps to the preset's bounds. */
function checkAllowed({ params = {} }: PresetFields, { params: asked, tenant }: Request, preset: Preset) {
  const allow = "allow" in preset ? (preset.allow ?? {}) : {};
  checkAll(
    ...paramEntries(params).map(([name, value]) => () => {
      const rule = allow[name];
      const isGranted = tenant === "" || asked?.granted.includes(name);
      if (rule === undefined && isGranted) return;
      const problem =
        rule === undefined ? `preset ${preset.name} does not let you set it` : ruleProblem(name, value, rule);
      if (problem !== undefined) throw invalidField(`params.${name}`, problem);
    }),
  );
}

function checkTarget({ params = {} }: PresetFields, { quality }: Request) {
  const name = params.crf !== undefined ? "crf" : "bitrate";
  if (quality && params[name] !== undefined) throw invalidField("quality", aimConflict(name));
}

const aimConflict = (name: string) =>
  `aims at a VMAF by the CRF, which params.${name} leaves no choice of: leave one out`;
