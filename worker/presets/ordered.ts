import type { JobRequest } from "#proto/worker/v1/worker_pb.js";
import { checkedValue } from "#shared/checked-value.ts";
import { checkAll, invalidField } from "#shared/fault.ts";
import { paramEntries, ruleProblem } from "#shared/job/allowed-params.ts";
import { Params } from "#shared/job/params.ts";
import { PictureSettings } from "#shared/job/picture.ts";
import { aimConflict } from "#shared/job/quality-target.ts";
import { SoundOrder } from "#shared/job/sound-order.ts";
import { Thumbnails } from "#shared/job/thumbnails.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { paramsIn } from "#shared/rpc/params-message.ts";
import { pictureIn } from "#shared/rpc/picture-message.ts";
import { soundIn } from "#shared/rpc/sound-message.ts";
import { subtitlesFromMessage } from "#shared/rpc/subtitles-message.ts";
import { thumbnailsIn } from "#shared/rpc/thumbnails-message.ts";
import { type PresetFields, presetFor } from "./for-order.ts";
import type { Preset } from "./schema.ts";

type Fields = Partial<Pick<JobRequest, "params" | "picture" | "thumbnails" | "audio" | "subtitles">>;
type Request = Pick<JobRequest, "params" | "tenant" | "quality"> & Fields;

/** What a request says of how its preset applies, as an order has it. Throws `invalid` for values that are none. */
export function presetFields({ params, picture, thumbnails, audio, subtitles }: Fields): PresetFields {
  const asked = {
    ...{ params: paramsIn(params), picture: pictureIn(picture) },
    thumbnails: thumbnails && thumbnailsIn(thumbnails),
    audio: soundIn(audio),
  };
  const read = {
    params: () => asked.params && checkedValue(Params, asked.params, "params"),
    picture: () => asked.picture && checkedValue(PictureSettings, asked.picture, ""),
    thumbnails: () => (asked.thumbnails ? checkedValue(Thumbnails, asked.thumbnails, "thumbnails") : undefined),
    audio: () => asked.audio && checkedValue(SoundOrder, asked.audio, "audio"),
  };
  checkAll(...Object.values(read));
  return omitEmpty({
    params: read.params(),
    picture: read.picture(),
    thumbnails: read.thumbnails(),
    audio: read.audio(),
    subtitles: subtitlesFromMessage(subtitles),
  });
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
  const problem = quality && aimConflict(params);
  if (problem !== undefined) throw invalidField("quality", problem);
}
