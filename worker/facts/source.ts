import { mostFacts } from "#shared/job/fact-schemas.ts";
import type { SourceFacts } from "#shared/job/source-facts.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream, SubtitleStream, VideoStream } from "#worker/ffmpeg/streams.ts";
import { languageOf } from "#worker/plan/language.ts";
import { uprightSize } from "#worker/plan/picture.ts";
import type { Source } from "#worker/source/source.ts";
import { frameRateOf, isVariable } from "./frame-rate.ts";
import { rounded } from "./rounded.ts";

type Video = NonNullable<SourceFacts["video"]>;

/** How much of a source's beginning tells what container it is. */
const headBytes = 64;

/** What a source is, as its packets tell it; `examine` has read them. */
export async function examinedFacts(probe: Probe, { path, bytes }: Source): Promise<SourceFacts> {
  return sourceFacts(probe, { bytes, head: await Bun.file(path).slice(0, headBytes).bytes() });
}

/** What a film is that several sources are joined to. */
export const filmFacts = (probe: Probe, sources: readonly SourceFacts[]): SourceFacts => ({
  ...sourceFacts(probe, { bytes: sources.reduce((sum, { bytes }) => sum + bytes, 0), head: new Uint8Array() }),
  container: "joined",
});

/** The same with the source's first bytes. */
export function sourceFacts(probe: Probe, { bytes, head }: { bytes: number; head: Uint8Array }): SourceFacts {
  const { format, video, audio, subtitles, clip } = probe;
  const durationSeconds = clip?.sourceSeconds ?? probe.durationSeconds;
  return {
    container: containerOf(format, Buffer.from(head).toString("latin1")),
    ...(durationSeconds !== undefined && { durationSeconds: rounded(durationSeconds) }),
    bytes,
    ...(video && { video: videoFacts(video) }),
    audio: audio.slice(0, mostFacts).map(audioFacts),
    subtitles: subtitles.slice(0, mostFacts).map(subtitleFacts),
  };
}

/** The name of a container: ffmpeg reads several with one demuxer, which their beginnings tell apart. */
function containerOf(format: string, head: string): string {
  if (/mov|mp4/.test(format)) return /^.{4}ftyp(?!qt {2})/s.test(head) ? "mp4" : "mov";
  if (format.includes("matroska")) return head.includes("webm") ? "webm" : "matroska";
  return format.split(",")[0] ?? format;
}

function videoFacts(video: VideoStream): Video {
  const { width, height } = uprightSize(video);
  const { codec, rotation, interlaced } = video;
  const frameRate = frameRateOf(video);
  return {
    ...{ codec, width: Math.round(width), height: Math.round(height) },
    ...(frameRate !== undefined && { frameRate }),
    variableFrameRate: isVariable(video),
    ...omitEmpty({ bitRate: bitRateOf(video), hdr: hdrOf(video), rotation }),
    scan: interlaced ? "interlaced" : "progressive",
  };
}

function bitRateOf({ packets }: VideoStream): number | undefined {
  const seconds = packets ? packets.endSeconds - packets.startSeconds : 0;
  return packets && seconds > 0 ? Math.round((packets.bytes * 8) / seconds) : undefined;
}

/** The kind of HDR that pictures are. */
export function hdrOf({ transfer, primaries, pixelFormat = "", dolbyVision }: VideoStream): Video["hdr"] {
  if (dolbyVision !== undefined) return "dolby_vision";
  if (transfer === "arib-std-b67") return "hlg";
  if (transfer !== "smpte2084") return undefined;
  return primaries === "bt2020" && /10(le|be)$/.test(pixelFormat) ? "hdr10" : "pq";
}

const audioFacts = ({ codec, language, channels, layout, sampleRate }: AudioStream) => ({
  codec,
  ...omitEmpty({ language: languageOf(language)?.tag, channels, layout: layout?.slice(0, 100), sampleRate }),
});

const subtitleFacts = ({ codec, language }: SubtitleStream) => ({
  codec,
  ...omitEmpty({ language: languageOf(language)?.tag }),
});
