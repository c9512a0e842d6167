import type { Grading } from "#worker/ffmpeg/grading.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { isMixed, keepsHdr, type Rendition, type VideoSettings } from "#worker/presets/fields.ts";
import type { Preset } from "#worker/presets/schema.ts";

/** PQ (SMPTE ST 2084) and HLG (ARIB STD-B67), as ffmpeg names them. */
const transfers = ["smpte2084", "arib-std-b67"] as const;

/** What a rendition that stays HDR is. */
export type KeptHdr = {
  transfer: (typeof transfers)[number];
  /** What the source says of how it was made. */
  grading: Grading;
};

const transferOf = ({ transfer }: Pick<VideoStream, "transfer">) => transfers.find((one) => one === transfer);

/** Whether a picture is brighter than ordinary screens show. */
export const isHdr = (video: Pick<VideoStream, "transfer">) => transferOf(video) !== undefined;

/** What a rendition keeps of an HDR source; undefined where it is SDR. */
export function keptHdr(
  settings: Pick<VideoSettings, "hdr">,
  rendition: Rendition,
  video: VideoStream,
): KeptHdr | undefined {
  const transfer = transferOf(video);
  return transfer && keepsHdr(settings, rendition) ? { transfer, grading: video.grading ?? {} } : undefined;
}

/** What a picture is made for that keeps this. */
export const filmTarget = (hdr: KeptHdr | undefined) => (hdr ? "hdr" : "film");

/** What `VIDEO-RANGE` says of it (RFC 8216bis, 4.4.6.2). */
export const videoRange = (hdr: KeptHdr | undefined) =>
  hdr ? { smpte2084: "PQ", "arib-std-b67": "HLG" }[hdr.transfer] : "SDR";

/** As facts and dry runs name it. */
export const hdrName = ({ transfer }: KeptHdr) => (({ smpte2084: "hdr10", "arib-std-b67": "hlg" }) as const)[transfer];

/** What a preset that keeps HDR cannot keep of a source, in words for its client. */
export function hdrWarnings(preset: Preset, video: VideoStream): string[] {
  if ("ffmpeg_args" in preset || !preset.video) return [];
  const { video: settings } = preset;
  if (!settings.renditions.some((rendition) => keepsHdr(settings, rendition))) return [];
  if (!isHdr(video)) {
    // A ladder has SDR for such a source anyhow.
    return isMixed(settings) ? [] : [`the source is SDR, and so is what preset ${preset.name} makes of it`];
  }
  if (video.dolbyVision === undefined) return [];
  const base = video.transfer === "smpte2084" ? "HDR10" : "HLG";
  return [`the source's Dolby Vision (profile ${video.dolbyVision}) is left out: the output is its ${base} picture`];
}
