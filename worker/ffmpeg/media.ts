import * as v from "valibot";

/** What ffprobe knows about a file, as far as planning and verifying need it. */
export type Probe = {
  format: string;
  /** Undefined when the file does not say, or ffprobe only guesses it from the bit rate. */
  durationSeconds: number | undefined;
  /** The first video that is not a cover picture. */
  video: VideoStream | undefined;
  /** Those whose codec is known. */
  audio: readonly AudioStream[];
};

export type VideoStream = {
  index: number;
  codec: string;
  /** As stored: before rotation, in pixels that need not be square. */
  width: number;
  height: number;
  sampleAspect: number;
  /** Degrees clockwise that a player turns the picture by. */
  rotation: number;
  pixelFormat: string | undefined;
  transfer: string | undefined;
  interlaced: boolean;
  /** Frames a second on average, and the rate whose ticks hold all timestamps. */
  averageRate: number | undefined;
  nominalRate: number | undefined;
  frames: number | undefined;
};

export type AudioStream = { index: number; codec: string; channels: number | undefined; language: string | undefined };

/** The ffprobe options whose answer `parseProbe` reads. */
export const probeQuery = [
  ...["-print_format", "json=compact=1", "-show_entries"],
  [
    "format=format_name,duration",
    "stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,pix_fmt,field_order,color_transfer" +
      ",r_frame_rate,avg_frame_rate,nb_frames,channels",
    "stream_disposition=attached_pic",
    "stream_tags=language",
    "stream_side_data=rotation",
  ].join(":"),
];

// ffprobe writes numbers as text, and N/A for what it does not know.
const numeric = v.optional(
  v.pipe(
    v.string(),
    v.transform((text) => (Number(text) > 0 ? Number(text) : undefined)),
  ),
);

const ratio = v.optional(
  v.pipe(
    v.string(),
    v.transform((text) => {
      const [over = 0, under = 0] = text.split(/[:/]/).map(Number);
      return over > 0 && under > 0 ? over / under : undefined;
    }),
  ),
);

const text = v.optional(v.string());

const Stream = v.object({
  index: v.number(),
  codec_type: text,
  codec_name: v.optional(v.string(), "unknown"),
  width: v.optional(v.number(), 0),
  height: v.optional(v.number(), 0),
  sample_aspect_ratio: ratio,
  pix_fmt: text,
  field_order: v.optional(v.string(), "unknown"),
  color_transfer: text,
  r_frame_rate: ratio,
  avg_frame_rate: ratio,
  nb_frames: numeric,
  channels: v.optional(v.number()),
  disposition: v.optional(v.object({ attached_pic: v.optional(v.number()) })),
  tags: v.optional(v.object({ language: text })),
  side_data_list: v.optional(v.array(v.object({ rotation: v.optional(v.number()) })), []),
});
type Stream = v.InferOutput<typeof Stream>;

const Report = v.object({
  streams: v.array(Stream),
  format: v.object({ format_name: v.string(), duration: numeric }),
});

/** Reads ffprobe's JSON. */
export function parseProbe(json: string): Probe {
  const { streams, format } = v.parse(Report, JSON.parse(json));
  const video = streams.find(isMovingPicture);
  return {
    format: format.format_name,
    durationSeconds: format.duration,
    video: video && videoOf(video),
    audio: streams.filter(isSound).map(audioOf),
  };
}

const isMovingPicture = ({ codec_type, width, height, disposition }: Stream) =>
  codec_type === "video" && width > 0 && height > 0 && disposition?.attached_pic !== 1;

// Phones add tracks in codecs of their own that nothing else decodes.
const isSound = ({ codec_type, codec_name }: Stream) => codec_type === "audio" && codec_name !== "unknown";

function videoOf(stream: Stream): VideoStream {
  const counterclockwise = stream.side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0;
  return {
    index: stream.index,
    codec: stream.codec_name,
    width: stream.width,
    height: stream.height,
    sampleAspect: stream.sample_aspect_ratio ?? 1,
    rotation: (360 - counterclockwise) % 360,
    pixelFormat: stream.pix_fmt,
    transfer: stream.color_transfer,
    interlaced: ["tt", "bb", "tb", "bt"].includes(stream.field_order),
    averageRate: stream.avg_frame_rate,
    nominalRate: stream.r_frame_rate,
    frames: stream.nb_frames,
  };
}

const audioOf = ({ index, codec_name, channels, tags }: Stream): AudioStream => ({
  index,
  codec: codec_name,
  channels,
  language: tags?.language,
});
