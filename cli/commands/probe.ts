import { stat } from "node:fs/promises";
import { type Context, openService, print, type Remote } from "#cli/context.ts";
import { findInputs, remoteInput } from "#cli/encode/inputs.ts";
import { onInterrupt } from "#cli/interrupt.ts";
import { planLines, sourceLines } from "#cli/plan-words.ts";
import type { Env } from "#shared/env.ts";
import { Fault } from "#shared/fault.ts";

type Options = {
  /** The one preset to plan for. Default: all. */
  preset?: string;
};

/** Says what a file or URL is, and what presets would make of it; nothing is encoded. */
export async function probe(context: Context, remote: Remote, named: string, { preset }: Options) {
  const url = remote.server === undefined ? await localUrl(named, context.env) : remoteInput(named).url;
  await using service = await openService(context.env, remote);
  const leave = new AbortController();
  using _ = onInterrupt(async () => leave.abort(new Fault("cancelled", "interrupted")));
  const plan = await service.client.plan({ input_url: url, ...(preset !== undefined && { preset }) }, leave.signal);
  print(context, plan, [...sourceLines(named, plan.source), "", ...planLines(plan.presets)].join("\n"));
}

async function localUrl(named: string, env: Env): Promise<string> {
  const found = await stat(named).catch(() => undefined);
  if (found?.isDirectory()) throw new Fault("invalid", `${named} is a folder; name one file or URL`);
  const { inputs } = await findInputs([named], { recursive: false, outputDir: "", env });
  return inputs[0]?.url ?? named;
}
