import type { JoinedPart } from "#worker/ffmpeg/media.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { hdrWarnings, isHdr } from "./hdr.ts";
import { type FilmLook, keepsAnyHdr } from "./joined-pictures.ts";

/** What a joined film lacks of its sources that the preset would take of one alone, in words for its client. */
export function joinedWarnings(
  parts: readonly JoinedPart[],
  look: FilmLook | undefined,
  preset: Preset | undefined,
): string[] {
  if (!preset || "ffmpeg_args" in preset) return [];
  const takesAll = preset.output_type !== "single";
  const takesTexts = takesAll && preset.subtitles !== undefined;
  return [
    ...parts.flatMap(({ probe: { audio, subtitles, video } }, at) => [
      ...(takesAll && preset.audio && audio.length > 1
        ? [`source ${at + 1} has ${audio.length} sound tracks, and only the main one is joined with the others`]
        : []),
      ...(takesTexts && subtitles.length > 0
        ? [`the subtitles of source ${at + 1} are left out: they cannot be joined`]
        : []),
      ...(preset.video && (video?.captions?.length ?? 0) > 0
        ? [`the closed captions of source ${at + 1} are left out: they cannot be joined`]
        : []),
    ]),
    ...lostHdr(parts, look, preset),
  ];
}

/** What is lost of HDR: by all, where they are not of one kind, or by each. */
function lostHdr(parts: readonly JoinedPart[], look: FilmLook | undefined, preset: Preset): string[] {
  const videos = parts.flatMap(({ video }) => video ?? []);
  const warnings = videos.flatMap((video) => hdrWarnings(preset, video));
  const isMixed = !look?.isHdr && videos.some(isHdr) && keepsAnyHdr(preset);
  return isMixed
    ? ["the sources are not all HDR of one kind, and so what is joined of them is SDR"]
    : [...new Set(warnings)];
}
