import { Fault } from "#shared/fault.ts";
import type { Capabilities, CapabilityName } from "#worker/ffmpeg/capabilities.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Preset } from "#worker/presets/schema.ts";
import type { Plan } from "./plan.ts";

/** The filters that not every ffmpeg is built with and that plans use only for some sources. */
const optionalFilters = ["zscale", "tonemap", "hqdn3d", "nlmeans"];
const forHdr = new Set(optionalFilters.slice(0, 2));

/** Throws when ffmpeg lacks an encoder or a filter that a plan uses, so that its user reads which. */
export function checkNeeds({ args }: Plan, preset: Preset, { video }: Probe, ffmpeg: Capabilities) {
  const filter = optionalFilters.find((name) => uses(args, name) && !ffmpeg.has(`filter:${name}`));
  const isRaw = "ffmpeg_args" in preset;
  if (filter && !isRaw && forHdr.has(filter)) throw noToneMapping(filter, video?.transfer);
  if (filter) throw lacking(`filter ${filter}`, ffmpeg);
  // A user's own arguments may name a codec, for which ffmpeg then chooses the encoder.
  const encoder = isRaw ? undefined : encodersIn(args).find(({ name }) => !ffmpeg.has(`encoder:${name}`));
  if (encoder) throw lacking(`encoder ${encoder.name}`, ffmpeg);
  // Built for 8 bits it makes those of what is handed to it, without a word.
  const isDeep = args.includes("libx265") && args.some((arg) => arg.includes("format=yuv420p10le"));
  if (!isRaw && isDeep && !ffmpeg.has(tenBits)) throw lacking("encoder libx265 of 10 bits for HDR", ffmpeg);
}

/** What H.265 that keeps HDR needs. */
export const tenBits: CapabilityName = "encoder:libx265:yuv420p10le";

/** The encoders that arguments name. */
export const encodersIn = (args: readonly string[]): { name: string; isAudio: boolean }[] =>
  args.flatMap((name, at) => {
    const stream = encoderOption.exec(args[at - 1] ?? "")?.[1];
    return stream && name !== "copy" ? [{ name, isAudio: stream === "a" }] : [];
  });

const encoderOption = /^-(?:c|codec):([av])/;

const uses = (args: readonly string[], filter: string) =>
  args.some((arg) => new RegExp(`(^|[\\],;])${filter}=`).test(arg));

const lacking = (what: string, { version }: Capabilities) =>
  new Fault("encode_failed", `the preset needs the ${what}, which the worker's ffmpeg ${version.text} lacks`);

const noToneMapping = (filter: string, transfer = "unknown transfer") =>
  new Fault(
    "source_failed",
    `the source is HDR (${transfer}), and this worker cannot convert it: its ffmpeg lacks the filter ${filter}; ` +
      "send an SDR source, or install an ffmpeg that is built with libzimg",
  );
