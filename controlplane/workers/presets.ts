import * as v from "valibot";
import type { Preset } from "#proto/worker/v1/worker_pb.js";
import { described, optional } from "#shared/described.ts";
import { Fault, toFault } from "#shared/fault.ts";
import { AllowedParams } from "#shared/job/allowed-params.ts";
import type { Log } from "#shared/log.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { allowedParamsFromMessage } from "#shared/rpc/allowed-params-message.ts";
import { isUnimplemented } from "#shared/rpc/fault-status.ts";
import type { Link } from "./link.ts";
import type { Links } from "./links.ts";

/** What `max_bit_rate` is, of a preset and of a dry run. */
export const maxBitRateWords =
  "The preset's `maxrate` in bits a second: what the encoder keeps to on average over its buffer (`bufsize`; AV1 and VP9 over longer times), without the container; `peak_bit_rate` of the output may lie above. Of sound alone the bit rate that its encoder is asked for, around which Opus and others vary.";

/** A preset as REST shows it. */
export const PresetSummary = v.object({
  name: described(v.string(), "What an order's `preset` names.", "720p_h264"),
  description: described(v.string(), "What it makes, for people.", "HD 720p, H.264 and AAC"),
  output_type: described(v.string(), "single, hls, dash or cmaf.", "single"),
  extension: optional(v.string(), "Of a single file, without the dot.", "mp4"),
  group: optional(
    v.string(),
    "What it makes: video (one file that plays), streaming (segments), audio (sound alone) or images; absent from workers of former versions.",
    "video",
  ),
  container: optional(
    v.string(),
    "What the media are packed in: the extension of a single file, mpegts or fmp4 of segments; absent for images, and where your own arguments do not tell.",
    "mp4",
  ),
  renditions: v.exactOptional(
    described(
      v.array(
        v.object({
          kind: described(v.string(), "video, audio, subtitles or image.", "video"),
          codec: described(v.string(), "As ffprobe names it.", "h264"),
          size: optional(v.number(), "The short side of its picture in pixels, at most; absent for thumbnails.", 720),
          max_bit_rate: optional(v.number(), maxBitRateWords, 3_000_000),
          hdr: optional(
            v.string(),
            "`keep` where the picture of an HDR source stays HDR; absent where it is tone-mapped.",
            "keep",
          ),
        }),
      ),
      "What it makes of a source that is large enough and has sound, the largest picture first; absent for your own arguments, whose output is not known before.",
      [{ kind: "video", codec: "h264", size: 720, max_bit_rate: 3_000_000 }],
    ),
  ),
  allow: optional(
    AllowedParams,
    "The `params` that orders of tenants may set, each with `true`, bounds or a list of values, which hold for all orders. Absent: a tenant's orders set none, unless TENANTS_FILE grants it.",
    { crf: { min: 18, max: 30 }, size: true },
  ),
});
export type PresetSummary = v.InferOutput<typeof PresetSummary>;

const summaryOf = ({
  name,
  description,
  outputType,
  extension,
  group,
  container,
  renditions,
  allow,
}: Preset): PresetSummary => ({
  ...{ name, description, output_type: outputType },
  ...omitEmpty({ extension, group, container }),
  ...(allow.length > 0 && { allow: allowedParamsFromMessage(allow) }),
  ...(renditions.length > 0 && {
    renditions: renditions.map(({ kind, codec, size, maxBitRate, hdr }) => ({
      ...{ kind, codec },
      ...omitEmpty({ size, max_bit_rate: Number(maxBitRate), hdr }),
    })),
  }),
});

type Options = { links: Links; startupTimeoutMs: number; log: Log };

const presetsTimeoutMs = 5_000;

/** Lists the presets: from a connected worker, else as last heard, else from a worker that is woken for it. */
export function makePresets({ links, startupTimeoutMs, log }: Options): () => Promise<readonly PresetSummary[]> {
  let heard: readonly PresetSummary[] | undefined;

  const ask = async (link: Link, failures: Fault[]) => {
    try {
      const { presets } = await link.ask((calls) => calls.listPresets({}, { timeoutMs: presetsTimeoutMs }));
      heard = presets.map(summaryOf);
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
