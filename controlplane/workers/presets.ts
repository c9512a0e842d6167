import * as v from "valibot";
import { described, optional } from "#shared/described.ts";
import { Fault, toFault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { isUnimplemented } from "#shared/rpc/fault-status.ts";
import type { Link } from "./link.ts";
import type { Links } from "./links.ts";

/** A preset as REST shows it. */
export const PresetSummary = v.object({
  name: described(v.string(), "What an order's `preset` names.", "720p_h264"),
  description: described(v.string(), "What it makes, for people.", "HD 720p, H.264 and AAC"),
  output_type: described(v.string(), "single, hls, dash or cmaf.", "single"),
  extension: optional(v.string(), "Of a single file, without the dot.", "mp4"),
});
export type PresetSummary = v.InferOutput<typeof PresetSummary>;

type Options = { links: Links; startupTimeoutMs: number; log: Log };

const presetsTimeoutMs = 5_000;

/** Lists the presets: from a connected worker, else as last heard, else from a worker that is woken for it. */
export function makePresets({ links, startupTimeoutMs, log }: Options): () => Promise<readonly PresetSummary[]> {
  let heard: readonly PresetSummary[] | undefined;

  const ask = async (link: Link, failures: Fault[]) => {
    try {
      const { presets } = await link.ask((calls) => calls.listPresets({}, { timeoutMs: presetsTimeoutMs }));
      heard = presets.map(({ name, description, outputType, extension }) => ({
        name,
        description,
        output_type: outputType,
        ...(extension && { extension }),
      }));
      return heard;
    } catch (error) {
      if (isUnimplemented(error)) return [];
      log.warn({ err: error, worker: link.address }, "a worker does not tell its presets");
      failures.push(toFault(error));
      return undefined;
    }
  };

  const firstAnswer = async (failures: Fault[], mayAsk: (link: Link) => boolean | Promise<boolean>) => {
    for (const link of links.all()) {
      const presets = (await mayAsk(link)) ? await ask(link, failures) : undefined;
      if (presets) return presets;
    }
    return undefined;
  };

  return async () => {
    const failures: Fault[] = [];
    await links.refresh();
    // Of connected workers that do not answer only the first is asked: behind a front that would start all machines.
    const presets =
      (await firstAnswer(failures, (link) => link.isConnected() && failures.length === 0)) ??
      heard ??
      (await firstAnswer(failures, (link) => link.wake(startupTimeoutMs)));
    if (presets) return presets;
    if (links.all().length === 0) throw new Fault("unreachable", `${links.whyNone()}; try again later`);
    throw (
      failures.find(({ kind }) => kind === "internal") ?? new Fault("unreachable", "no worker answers; try again later")
    );
  };
}
