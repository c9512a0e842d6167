import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { FetchedSubtitle } from "#worker/subtitles/fetched-subtitle.ts";
import { cuesOf } from "#worker/subtitles/segments.ts";
import { shownCues } from "#worker/subtitles/srt.ts";
import type { ExpectedText } from "./expected.ts";
import { languageOf } from "./language.ts";
import { languageCode } from "./language-code.ts";
import type { Place } from "./plan.ts";

/** The source as if what its order says of subtitles were all that it has; as it is where all of them are drawn. */
export function withSubtitles(probe: Probe, { subtitles }: Place): Probe {
  const areDrawn = subtitles?.every(({ mode }) => mode === "burn") && subtitles.length > 0;
  if (!subtitles || areDrawn) return probe;
  const rendered = subtitles.flatMap((one, at) => {
    if (one.mode !== "render" || !("path" in one) || one.text === undefined) return [];
    const { language, name, text, isForced, isDefault } = one;
    const disposition = { forced: Number(isForced), default: Number(isDefault) };
    return [{ index: at, codec: "webvtt", language, ...purposeOf({ disposition, tags: { title: name } }), text }];
  });
  return { ...probe, subtitles: rendered };
}

type Embedded = FetchedSubtitle & { path: string; text: string };

const embeddedOf = ({ subtitles = [] }: Pick<Place, "subtitles">): Embedded[] =>
  subtitles.flatMap((one) =>
    one.mode === "embed" && "path" in one && one.text !== undefined ? [{ ...one, text: one.text }] : [],
  );

/** The inputs that embedded subtitles are read from, behind those of the source and its sounds. */
export const embeddedInputs = (place: Pick<Place, "subtitles">): string[] =>
  embeddedOf(place).flatMap(({ path, codec }) => {
    const demuxer = codec === "subrip" ? "srt" : "webvtt";
    return ["-protocol_whitelist", "file", "-format_whitelist", demuxer, "-f", demuxer, "-i", path];
  });

/** Takes these texts into a file as tracks, as inputs behind so many others. */
export const embeddedTracks = (place: Pick<Place, "subtitles">, others: number, extension: string): string[] =>
  embeddedOf(place).flatMap(({ language, name, isForced, isDefault }, at) => {
    const code = languageCode(language, extension);
    const title = name ?? languageOf(language)?.name;
    const flags = [...(isDefault ? ["default"] : []), ...(isForced ? ["forced"] : [])];
    const tag = (key: string, value: string | undefined) => (value ? [`-metadata:s:s:${at}`, `${key}=${value}`] : []);
    return [
      // A copied WebVTT keeps its positions, and texts that look like codes.
      ...["-map", `${others + at}:s:0`, `-c:s:${at}`, extension === "mp4" ? "mov_text" : "copy"],
      ...tag("language", code),
      ...tag("title", title),
      ...(extension === "mp4" ? tag("handler_name", title) : []),
      ...[`-disposition:s:${at}`, flags.length > 0 ? flags.join("+") : "0"],
    ];
  });

/** What the tracks must hold, where there are some. */
export function expectedTexts(place: Pick<Place, "subtitles">, extension: string): { texts?: ExpectedText[] } {
  const texts = embeddedOf(place).map(({ language, text, isForced, isDefault }) => ({
    codec: extension === "mp4" ? "mov_text" : "webvtt",
    language: languageCode(language, extension),
    cues: extension === "mp4" ? shownCues(text).length : cuesOf(text).length,
    ...{ isForced, isDefault },
  }));
  return texts.length > 0 ? { texts } : {};
}
