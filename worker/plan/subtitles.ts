import { join } from "node:path";
import type { Probe, SubtitleStream } from "#worker/ffmpeg/media.ts";
import { assToWebvtt } from "#worker/subtitles/convert.ts";
import { capLength, nothingElse } from "./input.ts";
import type { Converted, Derived, Place } from "./plan.ts";

/** What ffmpeg decodes as text. */
const textCodecs = new Set(["subrip", "ass", "ssa", "mov_text", "webvtt", "text", "eia_608"]);
const mostTracks = 8;

/** The tracks that become WebVTT. */
export const textTracks = ({ subtitles }: Probe) =>
  subtitles.filter(({ codec }) => textCodecs.has(codec)).slice(0, mostTracks);

/** What the input is told. By itself ffmpeg drops each text that is not UTF-8, and ends as if all were well. */
export const textInput = (tracks: readonly SubtitleStream[]) =>
  tracks.some((track) => !isWebvtt(track)) ? ["-sub_charenc_mode", "ignore"] : [];

/** What is left out of the subtitles that a preset wants. */
export function subtitleWarnings(preset: { subtitles?: unknown }, probe: Probe): string[] {
  if (preset.subtitles === undefined) return [];
  const taken = probe.durationSeconds === undefined ? [] : textTracks(probe);
  return probe.subtitles
    .filter((track) => !taken.includes(track))
    .map((track) => `the source's subtitle track ${nameOf(track)} is left out: ${reasonFor(track, probe)}`);
}

const nameOf = ({ index, codec, title, language }: SubtitleStream) =>
  `${index} (${[title, language, codec].filter((word) => word !== undefined).join(", ")})`;

function reasonFor({ codec }: SubtitleStream, { durationSeconds }: Probe) {
  if (!textCodecs.has(codec)) return codec === "unknown" ? "ffmpeg cannot read its format" : "it is no text";
  if (durationSeconds === undefined) return "how long the source is, is unknown";
  return `there are more than ${mostTracks}`;
}

/** One WebVTT for each text track, and a playlist that names it. */
export function subtitlesOf(
  { subtitles }: { subtitles: readonly SubtitleStream[] },
  probe: Probe,
  { outputDir }: Place,
) {
  const seconds = probe.durationSeconds ?? 0;
  const files = subtitles.map((_, at) => `subtitles_${at}.vtt`);
  return {
    files,
    args: subtitles.flatMap((track, at) => [
      ...["-map", `0:${track.index}`, ...formatOf(track), ...nothingElse.slice(1), ...capLength(probe)],
      join(outputDir, writtenName(track, at)),
    ]),
    converted: subtitles.flatMap((track, at): Converted[] => {
      if (isWebvtt(track)) return [];
      const { codec } = track;
      const text = (written: string) => assToWebvtt(written, codec);
      return [{ from: writtenName(track, at), name: `subtitles_${at}.vtt`, codec, text }];
    }),
    derived: files.map(
      (file, at): Derived => ({ name: `stream_subtitles_${at}.m3u8`, text: () => oneSegment(file, seconds) }),
    ),
  };
}

const isWebvtt = ({ codec }: SubtitleStream) => codec === "webvtt";

const writtenName = (track: SubtitleStream, at: number) => `subtitles_${at}.${isWebvtt(track) ? "vtt" : "ass"}`;

/**
 * WebVTT stays as it is. Of everything else ffmpeg's own WebVTT holds drawings as numbers, text that is not escaped and
 * no positions: its decoders all speak ASS, and WebVTT is made of that.
 */
const formatOf = (track: SubtitleStream) =>
  isWebvtt(track) ? ["-c:s", "copy", "-f", "webvtt"] : ["-c:s", "ass", "-f", "ass", "-ignore_readorder", "1"];

const oneSegment = (file: string, seconds: number) =>
  [
    "#EXTM3U",
    "#EXT-X-VERSION:6",
    `#EXT-X-TARGETDURATION:${Math.ceil(seconds)}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    `#EXTINF:${seconds.toFixed(6)},`,
    file,
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");
