import * as v from "valibot";
import { AllowedParams } from "#shared/job/allowed-params.ts";
import { BitRate, kilobits } from "#shared/job/bit-rate.ts";
import { FrameRateValue } from "#shared/job/frame-rate.ts";
import { metrics } from "#shared/job/metric.ts";
import { Picture } from "#shared/job/picture.ts";
import { SoundTracks } from "#shared/job/sound-order.ts";
import { speeds } from "#shared/job/speeds.ts";
import { wholeNumber } from "#shared/schemas.ts";

export const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, ({ received }) => `use ${values.join(", ")}; ${received} is not supported`);

export const name = v.pipe(
  v.string("write a name"),
  v.regex(/^[a-z0-9]+(_[a-z0-9]+)*$/, "use lower-case letters, digits and single underscores"),
  v.maxLength(64, "use at most 64 characters"),
);

export const description = v.pipe(v.string("write a sentence for people"), v.nonEmpty("write a sentence for people"));

const videoCodecs = ["h264", "h265", "av1", "vp9"] as const;
export type VideoCodec = (typeof videoCodecs)[number];

const size = wholeNumber(16, 4_320);

/** What becomes of HDR: it stays, or is tone-mapped. What is SDR is SDR either way. */
const hdr = oneOf(["keep", "sdr"]);

const Rendition = v.pipe(
  v.strictObject({
    size,
    crf: wholeNumber(0, 63),
    /** The average bit rate, which is spent whatever the film needs: `crf` says nothing then. Default: `crf` decides. */
    bitrate: v.exactOptional(BitRate),
    maxrate: BitRate,
    bufsize: BitRate,
    /** What becomes of an HDR source in this rendition. Default: what the video says. */
    hdr: v.exactOptional(hdr),
  }),
  v.forward(
    v.check(
      ({ bitrate, maxrate }) => bitrate === undefined || kilobits(bitrate) <= kilobits(maxrate),
      "must not be below bitrate",
    ),
    ["maxrate"],
  ),
);
/** One size of the picture: its short side in pixels, its quality or bit rate, and its maximum bit rate. */
export type Rendition = v.InferOutput<typeof Rendition>;

const renditions = v.pipe(
  v.tupleWithRest([Rendition], Rendition, "list one rendition"),
  v.maxLength(8, "list at most 8 renditions"),
);

export const Video = v.pipe(
  v.strictObject({
    codec: oneOf(videoCodecs),
    /** The trade of encoding time for quality, by the names of x264. */
    speed: v.optional(oneOf(speeds), "medium"),
    /** The distance between keyframes, in seconds; each segment begins with one. */
    gop_seconds: v.optional(wholeNumber(1, 10), 2),
    /** Pictures a second, such as `25`, `30000/1001`, or `<=30` for at most so many. Default: the source's, at most 60. */
    frame_rate: v.exactOptional(FrameRateValue),
    /** `keep` leaves PQ and HLG what they are, in 10 bits and BT.2020. Default: `sdr`, which tone-maps them to BT.709. */
    hdr: v.exactOptional(hdr),
    renditions,
  }),
  v.forward(
    v.check(
      (video) =>
        [true, false].every((keeps) => isDescending(video.renditions.filter((one) => keepsHdr(video, one) === keeps))),
      "list the renditions from the largest to the smallest",
    ),
    ["renditions"],
  ),
  v.forward(
    v.check(
      (video) => ["h265", "av1"].includes(video.codec) || !video.renditions.some((one) => keepsHdr(video, one)),
      "use h265 or av1 where HDR is kept",
    ),
    ["codec"],
  ),
);
export type VideoSettings = v.InferOutput<typeof Video>;

/** Whether a source of HDR becomes renditions of HDR and of SDR. */
export const isMixed = (video: VideoSettings) => new Set(video.renditions.map((one) => keepsHdr(video, one))).size > 1;

const isDescending = (list: readonly Rendition[]) =>
  list.every(({ size }, at) => at === 0 || size < (list[at - 1]?.size ?? 0));

/** Whether a rendition of an HDR source is HDR. */
export const keepsHdr = ({ hdr }: { hdr?: "keep" | "sdr" }, rendition: Rendition) => (rendition.hdr ?? hdr) === "keep";

export const audioCodecs = ["aac", "mp3", "opus"] as const;
export type AudioCodec = (typeof audioCodecs)[number];

export const Audio = v.strictObject({
  codec: oneOf(audioCodecs),
  /** The bit rate, such as `128k`. */
  bitrate: BitRate,
  /** At most so many; `source` keeps surround as 5.1, in segments beside stereo. */
  channels: v.optional(v.union([wholeNumber(1, 2), v.literal("source")], "use 1, 2 or source"), 2),
  /** The sounds of the source that are taken, by number or language. Default: the main one for a file, all for segments. */
  tracks: v.exactOptional(SoundTracks),
  /** Has 5.1 as E-AC-3 as well, in segments. Default: where `channels` is `source` and the worker's ffmpeg can. */
  eac3: v.exactOptional(v.boolean("use true or false")),
  /** The integrated loudness of each sound in LUFS (EBU R128); the sounds are read once more for it. Default: as in the source. */
  loudness: v.exactOptional(wholeNumber(-40, -5)),
});
export type AudioSettings = v.InferOutput<typeof Audio>;

export const Segments = v.strictObject({
  /** The length of a segment, in seconds. */
  seconds: wholeNumber(1, 60),
  /** Default: `mpegts` for H.264 in HLS, else `fmp4`. */
  format: v.optional(oneOf(["mpegts", "fmp4"])),
  /** Default: segments are not encrypted. */
  encryption: v.exactOptional(oneOf(["aes-128"])),
});

/** The audio codecs of each type of output: AAC is the only one that all players of HLS know. */
export const segmentedAudio = { hls: ["aac"], cmaf: ["aac"], dash: ["aac", "opus"] } as const;
export const segmentedVideo = { hls: ["h264", "h265"], cmaf: ["h264", "h265"], dash: videoCodecs } as const;

/** Measures the quality of each rendition before anything is shown, unless an order says otherwise. Default: not. */
export const measure = v.exactOptional(oneOf(metrics));

/** Encodes longer films in pieces of about so many seconds, and keeps each. Default: the worker's SPLIT_SECONDS. */
export const splitSeconds = v.exactOptional(wholeNumber(2, 3_600));

/** The parameters that tenants may set in orders, and the bounds for all who set them. Default: tenants may set none. */
export const allow = v.exactOptional(AllowedParams);

/** Whether every rendition leaves room to aim at a quality. */
export const canBeAimed = ({ renditions }: VideoSettings) => renditions.every(({ bitrate }) => bitrate === undefined);

/** How the picture differs from that of the source, as an order may say it too. Default: not at all. */
export const picture = v.exactOptional(Picture);
