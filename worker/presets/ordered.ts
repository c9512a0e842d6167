import * as v from "valibot";
import type { JobRequest } from "#proto/worker/v1/worker_pb.js";
import { checkAll, Fault, invalidField } from "#shared/fault.ts";
import { paramEntries, ruleProblem } from "#shared/job/allowed-params.ts";
import { Params } from "#shared/job/params.ts";
import { PictureSettings } from "#shared/job/picture.ts";
import { Thumbnails } from "#shared/job/thumbnails.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { paramsIn } from "#shared/rpc/params-message.ts";
import { pictureIn } from "#shared/rpc/picture-message.ts";
import { thumbnailsIn } from "#shared/rpc/thumbnails-message.ts";
import { type PresetFields, presetFor } from "./for-order.ts";
import type { Preset } from "./schema.ts";

type Fields = Partial<Pick<JobRequest, "params" | "picture" | "thumbnails">>;
type Request = Pick<JobRequest, "params" | "tenant" | "quality"> & Fields;

/** What a request says of how its preset applies, as an order has it. Throws `invalid` for values that are none. */
export function presetFields({ params, picture, thumbnails }: Fields): PresetFields {
  const asked = {
    ...{ params: paramsIn(params), picture: pictureIn(picture) },
    thumbnails: thumbnails && thumbnailsIn(thumbnails),
  };
  checkAll(
    () => checkValues(Params, asked.params, "params"),
    () => checkValues(PictureSettings, asked.picture, ""),
    () => checkValues(Thumbnails, asked.thumbnails, "thumbnails"),
  );
  return omitEmpty({
    params: asked.params && v.parse(Params, asked.params),
    picture: asked.picture && v.parse(PictureSettings, asked.picture),
    thumbnails: asked.thumbnails === undefined ? undefined : v.parse(Thumbnails, asked.thumbnails),
  });
}

function checkValues(schema: v.GenericSchema, asked: unknown, within: string) {
  if (asked === undefined) return;
  const { success, issues } = v.safeParse(schema, asked);
  if (success) return;
  const fields = issues.map((issue) => ({
    field: [within, v.getDotPath(issue)].filter(Boolean).join("."),
    message: issue.message,
  }));
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
