import { stat } from "node:fs/promises";
import { type Context, openService, print, type Remote } from "#cli/context.ts";
import { findInputs, remoteInput, urlInputOf } from "#cli/encode/inputs.ts";
import { type OverlayOptions, overlayIn } from "#cli/encode/overlay-options.ts";
import { type ParamOptions, paramsIn } from "#cli/encode/param-options.ts";
import { type PictureOptions, pictureIn } from "#cli/encode/picture-options.ts";
import { type SoundOptions, soundIn } from "#cli/encode/sound-options.ts";
import { type ThumbnailOptions, thumbnailsIn } from "#cli/encode/thumbnail-options.ts";
import { onInterrupt } from "#cli/interrupt.ts";
import { clipLines, planLines, sourceLines } from "#cli/plan-words.ts";
import type { Env } from "#shared/env.ts";
import { Fault } from "#shared/fault.ts";
import { clipOfText } from "#shared/job/clip.ts";
import { omitEmpty } from "#shared/omit-empty.ts";

type Options = OwnOptions & ParamOptions & PictureOptions & OverlayOptions & ThumbnailOptions & SoundOptions;

type OwnOptions = {
  /** The one preset to plan for. Default: all. */
  preset?: string;
  /** The part of the source that would be encoded, such as `0:10-0:25`. Default: all of it. */
  clip?: string;
};

/** Says what a file or URL is, and what presets would make of it; nothing is encoded. */
export async function probe(context: Context, remote: Remote, named: string, options: Options) {
  const url = remote.server === undefined ? await localUrl(named, context.env) : remoteUrl(named);
  await using service = await openService(context.env, remote);
  const leave = new AbortController();
  using _ = onInterrupt(async () => leave.abort(new Fault("cancelled", "interrupted")));
  const { preset, clip } = options;
  const params = paramsIn(options);
  const part = clip === undefined ? undefined : clipOfText(clip);
  const thumbnails = thumbnailsIn(options);
  const asked = {
    input_url: url,
    ...omitEmpty({ preset, params, thumbnails, clip: part }),
    ...pictureIn(options),
    ...overlayIn(options),
    ...soundIn(options),
  };
  const plan = await service.client.plan(asked, leave.signal);
  const lines = [...sourceLines(named, plan.source), ...clipLines(plan.clip), "", ...planLines(plan.presets)];
  print(context, plan, lines.join("\n"));
}

function remoteUrl(named: string): string {
  if (URL.canParse(named)) return remoteInput(named).url;
  throw new Fault("invalid", `a service examines URLs, and ${named} is none; without --server files are examined here`);
}

async function localUrl(named: string, env: Env): Promise<string> {
  const found = await stat(named).catch(() => undefined);
  if (found?.isDirectory()) throw new Fault("invalid", `${named} is a folder; name one file or URL`);
  const { inputs } = await findInputs([named], { recursive: false, urlInput: urlInputOf(env) });
  return inputs[0]?.url ?? named;
}
