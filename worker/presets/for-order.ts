import * as v from "valibot";
import { checkAll, invalidField, invalidFields } from "#shared/fault.ts";
import { paramEntries } from "#shared/job/allowed-params.ts";
import type { Order } from "#shared/job/order.ts";
import type { Thumbnails } from "#shared/job/thumbnails.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { modeOf } from "#worker/subtitles/asked-subtitles.ts";
import { mergedPicture } from "./merged-picture.ts";
import { paramProblem } from "./param-problem.ts";
import { Preset } from "./schema.ts";
import { withParams } from "./with-params.ts";
import { withSound } from "./with-sound.ts";

/** The fields of an order that say how its preset applies. */
export type PresetFields = Pick<Order, "params" | "picture" | "thumbnails" | "audio" | "subtitles">;

type Asked = Required<Pick<PresetFields, "params" | "picture">>;

/**
 * The preset with all that an order says of how it applies: what everything after it goes by. Throws `invalid`, by the
 * fields of the order, for what the preset does not take.
 */
export function presetFor(
  { params = {}, picture = {}, thumbnails, audio, subtitles = [] }: PresetFields,
  preset: Preset,
): Preset {
  const entries = paramEntries(params);
  checkAll(
    () => thumbnails && checkThumbnails(preset),
    () => audio && checkSound(preset),
    ...entries.map(([name]) => () => {
      const problem = paramProblem(name, params, preset);
      if (problem !== undefined) throw invalidField(`params.${name}`, problem);
    }),
  );
  const [pictureField] = Object.keys(picture);
  if (pictureField !== undefined && "ffmpeg_args" in preset) throw invalidField(pictureField, ownArguments(preset));
  const isRendered = preset.output_type !== "single" && subtitles.some((one) => modeOf(one, preset) === "render");
  const isSame = entries.length === 0 && pictureField === undefined && !thumbnails && !audio && !isRendered;
  if (isSame || "ffmpeg_args" in preset) return preset;
  return parsed(
    {
      ...withSound(audio, withParams(preset, params)),
      ...(thumbnails && withThumbnails(thumbnails)),
      ...(isRendered && { subtitles: "webvtt" }),
      picture: mergedPicture(picture, preset.picture),
    },
    { params, picture },
  );
}

const ownArguments = ({ name }: Preset) => `preset ${name} has arguments of its own, which say all of its pictures`;

function checkThumbnails(preset: Preset) {
  if ("ffmpeg_args" in preset) throw invalidField("thumbnails", ownArguments(preset));
  if (!preset.video)
    throw invalidField("thumbnails", `preset ${preset.name} makes no video that they would lie beside`);
}

/** The settings of a preset for these pictures. */
const withThumbnails = ({ times, size, sprite, preview, poster }: Thumbnails) => ({
  ...(times && { stills: { times, ...(size !== undefined && { size }) } }),
  ...(sprite && { thumbnails: sprite }),
  ...(preview && { preview }),
  ...(poster && { poster }),
});

function checkSound(preset: Preset) {
  if ("ffmpeg_args" in preset)
    throw invalidField("audio", `preset ${preset.name} has arguments of its own, which say all of its sound`);
  if (!preset.audio) throw invalidField("audio", `preset ${preset.name} makes no sound`);
}

/** What an order has made of a preset is held against the same rules as a file. */
function parsed(settings: object, fields: Asked): Preset {
  const { success, output, issues } = v.safeParse(Preset, omitEmpty(settings));
  if (success) return output;
  throw invalidFields(
    issues.map((issue) => ({ field: fieldOf(v.getDotPath(issue) ?? "", fields), message: issue.message })),
  );
}

/** The field of an order by which a setting of a preset has become what it must not be. */
function fieldOf(setting: string, { params, picture }: Asked): string {
  if (setting.startsWith("audio.")) return setting;
  const [, inPicture] = /^picture(?:\.(.*))?$/.exec(setting) ?? [];
  if (setting.startsWith("picture")) return inPicture ?? Object.keys(picture)[0] ?? "picture";
  const set = ofRenditions.find((name) => params[name] !== undefined);
  return set && setting.startsWith("video.renditions") ? `params.${set}` : "params";
}

/** The parameters that may each be right for a preset, and wrong beside each other. */
const ofRenditions = ["maxrate", "bitrate", "size"] as const;
