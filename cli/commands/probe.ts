import { stat } from "node:fs/promises";
import { type Context, openService, print, type Remote } from "#cli/context.ts";
import { findInputs, type Input, remoteInput, urlInputOf } from "#cli/encode/inputs.ts";
import { type OverlayOptions, overlayIn } from "#cli/encode/overlay-options.ts";
import { type ParamOptions, paramsIn } from "#cli/encode/param-options.ts";
import { type PictureOptions, pictureIn } from "#cli/encode/picture-options.ts";
import { type SoundOptions, soundIn } from "#cli/encode/sound-options.ts";
import { sourcesFor } from "#cli/encode/sources.ts";
import { type ThumbnailOptions, thumbnailsIn } from "#cli/encode/thumbnail-options.ts";
import { onInterrupt } from "#cli/interrupt.ts";
import { clipLines, planLines, sourceLines } from "#cli/plan-words.ts";
import type { Env } from "#shared/env.ts";
import { Fault } from "#shared/fault.ts";
import { omitEmpty } from "#shared/omit-empty.ts";

type Options = OwnOptions & ParamOptions & PictureOptions & OverlayOptions & ThumbnailOptions & SoundOptions;

type OwnOptions = {
  /** The one preset to plan for. Default: all. */
  preset?: string;
  /** The part of each source that would be encoded, such as `0:10-0:25`. Default: all of it. */
  clip?: readonly string[];
};

/** Says what a file or URL is, or the film that several would be joined to, and what presets would make of it. */
export async function probe(context: Context, remote: Remote, named: readonly string[], options: Options) {
  const inputs: Input[] = [];
  for (const name of named) inputs.push(await inputOf(name, context.env, remote));
  const [film] = sourcesFor(inputs, { ...options, join: inputs.length > 1 });
  await using service = await openService(context.env, remote);
  const leave = new AbortController();
  using _ = onInterrupt(async () => leave.abort(new Fault("cancelled", "interrupted")));
  const { preset } = options;
  const params = paramsIn(options);
  const thumbnails = thumbnailsIn(options);
  const asked = {
    ...film?.sources,
    ...omitEmpty({ preset, params, thumbnails }),
    ...pictureIn(options),
    ...overlayIn(options),
    ...soundIn(options),
  };
  const plan = await service.client.plan(asked, leave.signal);
  const each = plan.sources?.flatMap((source, at) => sourceLines(named[at] ?? "", source)) ?? [];
  const whole = plan.sources ? "All together" : (named[0] ?? "");
  const sources = [...each, ...sourceLines(whole, plan.source), ...clipLines(plan.clip)];
  const lines = [...sources, "", ...planLines(plan.presets)];
  print(context, plan, lines.join("\n"));
}

const inputOf = (named: string, env: Env, { server }: Remote) =>
  server === undefined ? localInput(named, env) : remoteOnly(named);

function remoteOnly(named: string): Input {
  if (URL.canParse(named)) return remoteInput(named);
  throw new Fault("invalid", `a service examines URLs, and ${named} is none; without --server files are examined here`);
}

async function localInput(named: string, env: Env): Promise<Input> {
  const found = await stat(named).catch(() => undefined);
  if (found?.isDirectory()) throw new Fault("invalid", `${named} is a folder; name one file or URL`);
  const urlInput = urlInputOf(env);
  const { inputs } = await findInputs([named], { recursive: false, urlInput });
  return inputs[0] ?? urlInput(named);
}
