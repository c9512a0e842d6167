import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { keepsHdr, type Rendition, type VideoSettings } from "#worker/presets/fields.ts";
import { isHdr } from "./hdr.ts";
import { shortSide } from "./picture.ts";

/**
 * The renditions that are made of a source, those of HDR first: of each kind those that are no larger than it; where it is
 * smaller than all of them, the smallest, at the source's own size. Of an SDR source all are SDR, and one of each size.
 */
export function renditionsFor(settings: VideoSettings, video: VideoStream): readonly Rendition[] {
  const { renditions } = settings;
  const hdr = renditions.filter((rendition) => keepsHdr(settings, rendition));
  const sdr = renditions.filter((rendition) => !hdr.includes(rendition));
  const side = Math.round(shortSide(video));
  if (isHdr(video)) return [...fitting(hdr, side), ...fitting(sdr, side)];
  const others = hdr.filter(({ size }) => !sdr.some((one) => one.size === size));
  return fitting(
    [...others, ...sdr].sort((one, other) => other.size - one.size),
    side,
  );
}

function fitting(renditions: readonly Rendition[], side: number): readonly Rendition[] {
  const small = renditions.filter(({ size }) => size <= side);
  return small.length > 0 ? small : renditions.slice(-1);
}

/** Why a rendition of a preset is not made of a source. */
export function whyDropped(settings: VideoSettings, rendition: Rendition, video: VideoStream): string {
  const side = Math.round(shortSide(video));
  return rendition.size <= side && keepsHdr(settings, rendition) && !isHdr(video)
    ? "it is for HDR, and the source is SDR"
    : `it is larger than ${video.edits ? "the picture that is asked for" : "the source"}, whose short side is ${side}`;
}
