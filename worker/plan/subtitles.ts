import { join } from "node:path";
import { inputAllowlist } from "#worker/ffmpeg/input-allowlist.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { SubtitleStream } from "#worker/ffmpeg/streams.ts";
import { assToWebvtt } from "#worker/subtitles/convert.ts";
import { type Span, webvttPart, webvttSegments } from "#worker/subtitles/segments.ts";
import { besideSound } from "./beside-sound.ts";
import { capLength, nothingElse, readInput } from "./input.ts";
import type { Converted, Derived, Divided, Place } from "./plan.ts";

/** What ffmpeg decodes as text. */
/** Far more than the subtitles of a long film, and no strain for the worker's memory. */
export const mostTextBytes = 32 * 2 ** 20;

export const isText = ({ codec }: Pick<SubtitleStream, "codec">) => textCodecs.has(codec);

const textCodecs = new Set(["subrip", "ass", "ssa", "mov_text", "webvtt", "text", "eia_608"]);
const mostTracks = 8;

/** The tracks that become WebVTT. */
export const textTracks = ({ subtitles }: Probe) =>
  subtitles.filter(({ codec }) => textCodecs.has(codec)).slice(0, mostTracks);

/** What the input is told. By itself ffmpeg drops each text that is not UTF-8, and ends as if all were well. */
export const textInput = (tracks: readonly SubtitleStream[]) =>
  tracks.some((track) => track.text === undefined && !isWebvtt(track)) ? ["-sub_charenc_mode", "ignore"] : [];

/** So long before a clip texts are looked for that are still shown in it. */
const aheadSeconds = 60;

/**
 * The source once more, where texts of a clip are read: their times may not be below zero, as those of pictures and sound
 * are that come before it. Nothing where the first input has them.
 */
export function textsOfClip(input: string, { clip, inputOptions = [] }: Probe, tracks: readonly SubtitleStream[]) {
  if (!clip || !tracks.some(({ text }) => text === undefined)) return [];
  return [...inputAllowlist, ...inputOptions, ...textInput(tracks), ...textSeek(clip).options, "-i", input];
}

/** Where that begins to read, and when the clip begins by its clock. */
function textSeek({ start, seekSeconds }: NonNullable<Probe["clip"]>) {
  const from = seekSeconds === undefined ? 0 : Math.max(0, start - aheadSeconds);
  // What is found even before that has times above zero, too.
  const options = [...(from > 0 ? ["-ss", from.toFixed(6)] : []), "-itsoffset", String(aheadSeconds)];
  return { options, begin: start - from + aheadSeconds };
}

/** The part of such texts that the clip is. */
export const partOf = ({ clip, durationSeconds }: Probe): Span | undefined => {
  if (!clip || durationSeconds === undefined) return undefined;
  const { begin } = textSeek(clip);
  return { start: begin, end: begin + durationSeconds };
};

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

type Texts = {
  subtitles: readonly SubtitleStream[];
  /** How long the output is. */
  seconds: number | undefined;
  segmentSeconds: number;
  /** Where the film's zero lies on the clock of the media, in ticks of 1/90000 s. */
  zero: number;
  /** The number of the input that has them. */
  input: number;
  /** Whether playlists name them in segments; a DASH manifest names them whole. */
  isSegmented: boolean;
};

/** A WebVTT for each text track, the same in segments as long as those of the picture, and a playlist that names them. */
export function subtitlesOf(
  { subtitles, seconds = 0, segmentSeconds, zero, input, isSegmented }: Texts,
  probe: Probe,
  { outputDir }: Pick<Place, "outputDir">,
) {
  const spans = isSegmented ? spansOf(seconds, segmentSeconds) : [];
  const files = subtitles.map((_, at) => `subtitles_${at}.vtt`);
  const part = partOf(probe);
  const cap = part ? ["-t", (part.end + 1).toFixed(3)] : capLength(probe);
  const segments = subtitles.map((_, track) => spans.map((_, at) => segmentName(track, at)));
  return {
    files: [...files, ...segments.flat()],
    args: subtitles.flatMap((track, at) =>
      track.text === undefined
        ? [
            ...["-map", `${input}:${track.index}`, ...formatOf(track), ...nothingElse.slice(1), ...cap],
            join(outputDir, writtenName(track, at, part)),
          ]
        : [],
    ),
    whole: subtitles.flatMap(({ text }, at) => (text === undefined ? [] : { name: files[at] ?? "", text })),
    converted: subtitles.flatMap((track, at): Converted[] => {
      const [from, name] = [writtenName(track, at, part), files[at] ?? ""];
      const text = (written: string) =>
        part && isWebvtt(track) ? webvttPart(written, part) : assToWebvtt(written, track.codec, part);
      return track.text !== undefined || (isWebvtt(track) && !part) ? [] : [{ from, name, codec: track.codec, text }];
    }),
    divided: (isSegmented ? files : []).map(
      (from, at): Divided => ({
        from,
        names: segments[at] ?? [],
        texts: (whole) => webvttSegments(whole, spans, zero),
      }),
    ),
    derived: (isSegmented ? segments : []).map(
      (names, at): Derived => ({ name: `stream_subtitles_${at}.m3u8`, text: () => playlistOf(names, spans) }),
    ),
  };
}

/** What takes these tracks out of a source by themselves: everything after `ffmpeg`, and the names of the files. */
export function extraction(
  tracks: readonly SubtitleStream[],
  probe: Probe,
  { input, outputDir }: Pick<Place, "input" | "outputDir">,
) {
  const ofClip = textsOfClip(input, probe, tracks);
  const inputs =
    ofClip.length > 0 ? ["-hide_banner", "-nostdin", "-y", ...ofClip] : readInput(input, probe, textInput(tracks));
  const { args } = subtitlesOf(
    { subtitles: tracks, seconds: 0, segmentSeconds: 1, zero: 0, input: 0, isSegmented: false },
    probe,
    { outputDir },
  );
  // Without its pictures a transport stream would begin at its first text.
  const others = besideSound(probe, { encoded: [] });
  return {
    args: [...inputs, ...args, ...others],
    names: tracks.map((track, at) => writtenName(track, at, partOf(probe))),
  };
}

const segmentName = (track: number, at: number) => `subtitles_${track}_${String(at).padStart(3, "0")}.vtt`;

// What is left at the end is a segment of its own unless it is less than any picture lasts.
const shortestSeconds = 0.005;

function spansOf(seconds: number, segmentSeconds: number): Span[] {
  const count = Math.max(1, Math.ceil((seconds - shortestSeconds) / segmentSeconds));
  return Array.from({ length: count }, (_, at) => ({
    start: at * segmentSeconds,
    end: at === count - 1 ? seconds : (at + 1) * segmentSeconds,
  }));
}

const isWebvtt = ({ codec }: SubtitleStream) => codec === "webvtt";

const writtenName = (track: SubtitleStream, at: number, part?: Span) =>
  `subtitles_${at}.${isWebvtt(track) ? `${part ? "whole." : ""}vtt` : "ass"}`;

/**
 * WebVTT stays as it is. Of everything else ffmpeg's own WebVTT holds drawings as numbers, text that is not escaped and
 * no positions: its decoders all speak ASS, and WebVTT is made of that.
 */
const formatOf = (track: SubtitleStream) =>
  isWebvtt(track) ? ["-c:s", "copy", "-f", "webvtt"] : ["-c:s", "ass", "-f", "ass", "-ignore_readorder", "1"];

const playlistOf = (names: readonly string[], spans: readonly Span[]) =>
  [
    "#EXTM3U",
    "#EXT-X-VERSION:6",
    `#EXT-X-TARGETDURATION:${Math.max(1, ...spans.map(({ start, end }) => Math.round(end - start)))}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    ...spans.flatMap(({ start, end }, at) => [`#EXTINF:${(end - start).toFixed(6)},`, names[at] ?? ""]),
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");
