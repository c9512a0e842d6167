import { kilobits } from "#shared/job/bit-rate.ts";
import type { Speed } from "#shared/job/speeds.ts";
import type { Grading, MasteringDisplay } from "#worker/ffmpeg/grading.ts";
import type { AudioCodec, Rendition, VideoCodec, VideoSettings } from "#worker/presets/fields.ts";
import type { KeptHdr } from "./hdr.ts";
import type { SoundSettings } from "./kept-sound.ts";

export type Picture = {
  /** Its size and how good it must be. */
  rendition: Rendition;
  /** How much time the encoder may take. */
  speed: Speed;
  /** Frames from keyframe to keyframe, exactly; left out where the encoder may choose. */
  gopFrames?: number | undefined;
  /** The H.264 or H.265 level times ten, where a playlist has to name it. */
  level?: number | undefined;
  /** What it keeps of an HDR source; left out for SDR. */
  hdr?: KeptHdr | undefined;
};

type Options = Readonly<Record<string, string | number>>;

/** As ffprobe names what the encoders make. */
export const videoNames: Readonly<Record<VideoCodec, string>> = { h264: "h264", h265: "hevc", av1: "av1", vp9: "vp9" };
export const audioNames: Readonly<Record<AudioCodec, string>> = { aac: "aac", mp3: "mp3", opus: "opus" };
export const soundNames: Readonly<Record<SoundSettings["codec"], string>> = { ...audioNames, eac3: "eac3" };

/** SVT-AV1 shows lines of its own in pictures that are smaller. */
export const leastSideOf = ({ codec }: Pick<VideoSettings, "codec">) => (codec === "av1" ? 64 : 0);

/** What an AV1 or VP9 encoder is told where it may choose its keyframes: the most frames from one to the next. */
const mostGopFrames = 240;

/** The most frames from one keyframe of x264 and x265 to the next where they may choose, as both have it by themselves. */
const usualGopFrames = 250;

/**
 * Where a film may be cut whose keyframes a preset leaves to the encoder. Some find no scenes, and so make one every so many
 * frames; SVT-AV1 makes none where ffmpeg forces one.
 */
export function cutsOf({ codec }: Pick<VideoSettings, "codec">) {
  if (codec === "av1") return { unitFrames: mostGopFrames, gopFrames: mostGopFrames };
  return codec === "vp9" ? { unitFrames: mostGopFrames } : { unitFrames: 1, usualGopFrames };
}

/** Options for the video stream number `at` of an output, or for all of them. */
export function videoArgs({ codec }: Pick<VideoSettings, "codec">, picture: Picture, at?: number): string[] {
  const stream = at === undefined ? "v" : `v:${at}`;
  return Object.entries(encoders[codec](picture)).flatMap(([option, value]) => [`-${option}:${stream}`, String(value)]);
}

/** The same for a stream that was encoded so, and is copied. */
export const copiedVideo = (codec: VideoCodec, at: number): string[] => [
  ...[`-c:v:${at}`, "copy"],
  ...(codec === "h265" ? [`-tag:v:${at}`, "hvc1"] : []),
];

// The quality decides and the ceiling caps it; the bit rate is what manifests tell players, x264 and x265 ignore it.
const capped = ({ crf, bitrate, maxrate, bufsize }: Rendition): Options =>
  bitrate === undefined ? { crf, b: maxrate, maxrate, bufsize } : { b: bitrate, maxrate, bufsize };

/** The quality that decides on a rendition, where one does. */
export const crfIn = ({ crf, bitrate }: Rendition) => (bitrate === undefined ? { crf } : {});

const fixedGop = (frames: number | undefined): Options =>
  frames === undefined ? {} : { g: frames, keyint_min: frames, flags: "+cgop" };

const encoders: Readonly<Record<VideoCodec, (picture: Picture) => Options>> = {
  h264: ({ rendition, speed, gopFrames, level }) => ({
    ...{ c: "libx264", preset: speed, profile: "high" },
    ...capped(rendition),
    ...fixedGop(gopFrames),
    ...(gopFrames !== undefined && { sc_threshold: 0 }),
    ...(level !== undefined && { level: (level / 10).toFixed(1) }),
  }),
  h265: ({ rendition, speed, gopFrames, level, hdr }) => ({
    ...{ c: "libx265", preset: speed, tag: "hvc1" },
    "x265-params": [
      "log-level=error:open-gop=0",
      ...(gopFrames === undefined ? [] : [`keyint=${gopFrames}:min-keyint=${gopFrames}:scenecut=0`]),
      ...(level === undefined ? [] : [`level-idc=${level}:high-tier=0`]),
      ...(hdr ? gradingForX265(hdr.grading) : []),
    ].join(":"),
    ...capped(rendition),
    ...(gopFrames !== undefined && { g: gopFrames }),
  }),
  av1: ({ rendition, speed, gopFrames, hdr }) => ({
    ...{ c: "libsvtav1", preset: paces[speed].svt, g: gopFrames ?? mostGopFrames },
    // It keeps to a maximum only beside a quality.
    ...(rendition.bitrate === undefined ? { crf: rendition.crf } : { b: rendition.bitrate }),
    ...svtParams([
      ...(rendition.bitrate === undefined ? [`mbr=${kilobits(rendition.maxrate)}`] : []),
      ...(gopFrames === undefined ? [] : ["scd=0"]),
      ...(hdr ? gradingForSvt(hdr.grading) : []),
    ]),
  }),
  vp9: ({ rendition, speed, gopFrames }) => ({
    ...{
      c: "libvpx-vp9",
      ...(rendition.bitrate === undefined ? soft(rendition) : capped(rendition)),
      ...paces[speed].vp9,
    },
    ...{ "row-mt": 1, "tile-columns": 2, g: gopFrames ?? mostGopFrames },
    ...(gopFrames !== undefined && { keyint_min: gopFrames }),
  }),
};

const soft = ({ crf, maxrate }: Rendition): Options => ({ crf, b: maxrate });

const svtParams = (params: readonly string[]): Options =>
  params.length === 0 ? {} : { "svtav1-params": params.join(":") };

// Not every ffmpeg hands on what stands in the pictures that it decodes.
const gradingForX265 = ({ mastering, light }: Grading) => [
  ...(mastering ? [`master-display=${display(mastering, (number) => String(number))}`] : []),
  ...(light ? [`max-cll=${light.most},${light.average}`] : []),
];

const gradingForSvt = ({ mastering, light }: Grading) => [
  ...(mastering ? [`mastering-display=${display(mastering, (number, unit) => (number / unit).toFixed(5))}`] : []),
  ...(light ? [`content-light=${light.most},${light.average}`] : []),
];

function display(mastering: MasteringDisplay, written: (number: number, unit: number) => string) {
  const pair = (numbers: readonly number[], unit: number) => numbers.map((number) => written(number, unit)).join(",");
  const { green, blue, red, white, luminance } = mastering;
  const colours = [
    ["G", green],
    ["B", blue],
    ["R", red],
    ["WP", white],
  ] as const;
  return `${colours.map(([name, xy]) => `${name}(${pair(xy, 50_000)})`).join("")}L(${pair(luminance, 10_000)})`;
}

const good = (speed: number) => ({ deadline: "good", "cpu-used": speed });
/** What the speeds, named as those of x264 are, come to elsewhere: the preset of SVT-AV1, and the options of libvpx. */
const paces: Readonly<Record<Speed, { svt: number; vp9: Options }>> = {
  ultrafast: { svt: 12, vp9: { deadline: "realtime", "cpu-used": 8 } },
  superfast: { svt: 11, vp9: { deadline: "realtime", "cpu-used": 7 } },
  veryfast: { svt: 10, vp9: good(5) },
  faster: { svt: 10, vp9: good(5) },
  fast: { svt: 9, vp9: good(4) },
  medium: { svt: 8, vp9: good(3) },
  slow: { svt: 6, vp9: good(2) },
  slower: { svt: 5, vp9: good(1) },
  veryslow: { svt: 4, vp9: good(0) },
};
