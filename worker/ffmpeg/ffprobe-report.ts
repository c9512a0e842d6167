import * as v from "valibot";
import { Dispositions, purposeOf } from "./disposition.ts";
import type { Probe } from "./media.ts";
import { mainFirst } from "./role.ts";
import type { AudioStream, SubtitleStream, VideoStream } from "./streams.ts";

/** The ffprobe options whose answer `parseProbe` reads; `more` adds sections with their entries. */
export const probeQueryWith = (more: readonly string[] = []) => [
  ...["-print_format", "json=compact=1", "-show_entries"],
  [
    ...more,
    "format=format_name,start_time,duration",
    "program=program_id:program_stream=index",
    "stream=index,codec_type,codec_name,codec_tag_string,width,height,sample_aspect_ratio,pix_fmt,field_order" +
      ",color_space,color_primaries,color_transfer,color_range" +
      ",r_frame_rate,avg_frame_rate,nb_frames,channels,channel_layout,sample_rate,start_time,duration",
    "stream_disposition",
    "stream_tags=language,title,name,DURATION",
    "stream_side_data=rotation,dv_profile,dv_bl_signal_compatibility_id",
  ].join(":"),
];

const text = v.optional(v.string());

/** A text that may be left out, and what is read from it. */
const parsedText = <T>(parse: (text: string) => T) => v.optional(v.pipe(v.string(), v.transform(parse)));

// ffprobe writes numbers as text, and N/A for what it does not know.
const numeric = parsedText((text) => (Number(text) > 0 ? Number(text) : undefined));

const ratio = parsedText(parseRatio);

/** Matroska writes the durations of its tracks as hh:mm:ss. */
const clock = parsedText((text) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) || undefined);

/** A tag whose value may be that nobody knows. */
const knownText = parsedText((text) => (/^(unknown|unspecified|reserved)$/.test(text) ? undefined : text));

const Stream = v.object({
  index: v.number(),
  codec_type: text,
  codec_name: v.optional(v.string(), "unknown"),
  codec_tag_string: text,
  width: v.optional(v.number(), 0),
  height: v.optional(v.number(), 0),
  sample_aspect_ratio: ratio,
  pix_fmt: text,
  field_order: v.optional(v.string(), "unknown"),
  color_space: knownText,
  color_primaries: knownText,
  color_transfer: knownText,
  color_range: knownText,
  r_frame_rate: ratio,
  avg_frame_rate: ratio,
  nb_frames: parsedText(Number),
  channels: v.optional(v.number()),
  channel_layout: knownText,
  sample_rate: numeric,
  start_time: numeric,
  duration: numeric,
  disposition: Dispositions,
  tags: v.optional(v.object({ language: text, title: text, name: text, DURATION: clock })),
  side_data_list: v.optional(
    v.array(
      v.object({
        rotation: v.optional(v.number()),
        dv_profile: v.optional(v.number()),
        dv_bl_signal_compatibility_id: v.optional(v.number()),
      }),
    ),
    [],
  ),
});
type Stream = v.InferOutput<typeof Stream>;

const Report = v.object({
  programs: v.optional(v.array(v.object({ streams: v.optional(v.array(v.object({ index: v.number() })), []) })), []),
  streams: v.array(Stream),
  format: v.object({ format_name: v.string(), start_time: numeric, duration: numeric }),
});

/** A ratio as ffprobe writes it, such as `16:9` or `25/1`; undefined when a side of it is zero or missing. */
export function parseRatio(text: string): number | undefined {
  const [over = 0, under = 0] = text.split(/[:/]/).map(Number);
  return over > 0 && under > 0 ? over / under : undefined;
}

/** Reads ffprobe's JSON. */
export function parseProbe(json: string): Probe {
  const { programs, streams, format } = v.parse(Report, JSON.parse(json));
  const videos = streams.filter(isMovingPicture).map((stream) => videoOf(stream, format.start_time));
  const [video] = videos;
  const audio = mainFirst(soundsOf(streams, format.start_time));
  return {
    format: format.format_name,
    durationSeconds: lastEnd([...(video ? [video] : []), ...audio]) ?? format.duration,
    video,
    audio,
    subtitles: streams.filter(({ codec_type }) => codec_type === "subtitle").map(subtitlesOf),
    videos,
    programs: programs.map(({ streams }) => new Set(streams.map(({ index }) => index))),
  };
}

/** Those whose codec is known, numbered among all. */
const soundsOf = (streams: readonly Stream[], begin: number | undefined): AudioStream[] =>
  streams
    .filter(({ codec_type }) => codec_type === "audio")
    .flatMap((stream, number) => (isKnownSound(stream) ? { ...audioOf(stream, begin), number } : []));

/** Undefined unless all are known: text may go on long after the last picture and sound. */
function lastEnd(streams: readonly { endSeconds?: number | undefined }[]): number | undefined {
  const ends = streams.flatMap(({ endSeconds }) => endSeconds ?? []);
  return ends.length > 0 && ends.length === streams.length ? Math.max(...ends) : undefined;
}

function endOf({ start_time = 0, duration, tags }: Stream, begin = 0): number | undefined {
  // Matroska's are the times at which a track ends, not how long it is.
  const end = duration === undefined ? tags?.DURATION : start_time + duration;
  return end === undefined || end <= begin ? undefined : end - begin;
}

const isMovingPicture = ({ codec_type, width, height, disposition, nb_frames }: Stream) =>
  codec_type === "video" && width > 0 && height > 0 && disposition["attached_pic"] !== 1 && nb_frames !== 0;

// Phones add tracks in codecs of their own that nothing else decodes.
const isKnownSound = ({ codec_name }: Stream) => codec_name !== "unknown";

function videoOf(stream: Stream, begin: number | undefined): VideoStream {
  const counterclockwise = stream.side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0;
  return {
    index: stream.index,
    codec: stream.codec_name,
    width: stream.width,
    height: stream.height,
    sampleAspect: stream.sample_aspect_ratio ?? 1,
    rotation: (360 - counterclockwise) % 360,
    pixelFormat: stream.pix_fmt,
    matrix: stream.color_space,
    primaries: stream.color_primaries,
    transfer: stream.color_transfer,
    range: stream.color_range,
    ...dolbyVisionOf(stream),
    codecTag: stream.codec_tag_string,
    interlaced: ["tt", "bb", "tb", "bt"].includes(stream.field_order),
    averageRate: stream.avg_frame_rate,
    nominalRate: stream.r_frame_rate,
    frames: stream.nb_frames || undefined,
    endSeconds: endOf(stream, begin),
    ...purposeOf(stream),
  };
}

/** A base layer that is compatible with nothing is coded in colours of Dolby's own, as all of profile 5 is. */
function dolbyVisionOf({ side_data_list }: Stream) {
  const { dv_profile: dolbyVision, dv_bl_signal_compatibility_id: compatible } =
    side_data_list.find(({ dv_profile }) => dv_profile !== undefined) ?? {};
  if (dolbyVision === undefined) return {};
  return { dolbyVision, needsDolbyVision: dolbyVision === 5 || (dolbyVision >= 8 && compatible === 0) };
}

const audioOf = (stream: Stream, begin: number | undefined): AudioStream => ({
  index: stream.index,
  codec: stream.codec_name,
  channels: stream.channels,
  layout: stream.channel_layout,
  sampleRate: stream.sample_rate,
  codecTag: stream.codec_tag_string,
  language: stream.tags?.language,
  endSeconds: endOf(stream, begin),
  ...purposeOf(stream),
});

const subtitlesOf = (stream: Stream): SubtitleStream => ({
  index: stream.index,
  codec: stream.codec_name,
  language: stream.tags?.language,
  ...purposeOf(stream),
});
