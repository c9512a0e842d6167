import { kilobits } from "#shared/job/bit-rate.ts";
import type { ParamName, Params } from "#shared/job/params.ts";
import { crfOf } from "#worker/quality/sample-preset.ts";
import type { AudioCodec } from "./fields.ts";
import type { OwnPreset } from "./own-preset.ts";
import type { Preset } from "./schema.ts";

/** Why a preset does not take a parameter of this value; undefined when it does. */
export function paramProblem(name: ParamName, params: Params, preset: Preset): string | undefined {
  if ("ffmpeg_args" in preset) return `preset ${preset.name} has arguments of its own, which no parameter changes`;
  return problems[name]?.(params, preset);
}

type Problem = (params: Params, preset: OwnPreset) => string | undefined;

const ofVideo: Problem = (_, { name, video }) => (video ? undefined : `preset ${name} makes no video`);

/** Both of them are wrong together, where an order says both; one alone does not go with what the preset says. */
const ofSegments =
  (name: "segment_seconds" | "gop_seconds"): Problem =>
  (params, preset) => {
    if (preset.output_type === "single")
      return `preset ${preset.name} makes one file: its keyframes are where the encoder puts them, and it has no segments`;
    const { segment_seconds: segment = preset.segments.seconds, gop_seconds: gop = preset.video.gop_seconds } = params;
    if (segment % gop === 0) return undefined;
    return name === "gop_seconds"
      ? `segments of ${segment} s are no multiple of it: use ${listed(divisorsOf(segment))}, or say segment_seconds too`
      : `is no multiple of the ${gop} s from keyframe to keyframe: use ${gop}, ${2 * gop} or another one, or say gop_seconds too`;
  };

const divisorsOf = (whole: number) =>
  Array.from({ length: 10 }, (_, at) => at + 1).filter((divisor) => whole % divisor === 0);

const listed = (numbers: readonly number[]) =>
  numbers.length < 2 ? numbers.join() : `${numbers.slice(0, -1).join(", ")} or ${numbers.at(-1)}`;

const problems: Readonly<Record<ParamName, Problem>> = {
  crf(params, preset) {
    const { video } = preset;
    if (!video) return ofVideo(params, preset);
    if (params.bitrate !== undefined) return "is a quality, and bitrate leaves none to choose: leave one of them out";
    const { most } = crfOf[video.codec];
    return (params.crf ?? 0) > most ? `use at most ${most} for ${video.codec}` : undefined;
  },
  bitrate: ofVideo,
  maxrate(params, preset) {
    const { video } = preset;
    if (!video) return ofVideo(params, preset);
    const isAverage = params.bitrate !== undefined || (params.crf === undefined && video.renditions[0].bitrate);
    return isAverage && video.codec === "av1"
      ? "the encoder of AV1 keeps to a maximum only beside a quality: leave it or bitrate out"
      : undefined;
  },
  size(params, preset) {
    const { video, name } = preset;
    if (!video) return ofVideo(params, preset);
    const [best, ...others] = video.renditions;
    return others.length > 0 && (params.size ?? 0) > best.size
      ? `the largest rendition of preset ${name} has ${best.size}: use at most that`
      : undefined;
  },
  frame_rate: ofVideo,
  speed: ofVideo,
  audio_bitrate({ audio_bitrate = "" }, { name, audio }) {
    if (!audio) return `preset ${name} makes no sound`;
    const [least, most] = audioRates[audio.codec];
    const rate = kilobits(audio_bitrate);
    return rate < least || rate > most ? `use ${least}k to ${most}k for ${audio.codec}` : undefined;
  },
  loudness: (_, { name, audio }) => (audio ? undefined : `preset ${name} makes no sound`),
  segment_seconds: ofSegments("segment_seconds"),
  gop_seconds: ofSegments("gop_seconds"),
};

/** The least and the most of each encoder, in thousands of bits a second, for mono as well as for stereo. */
const audioRates: Readonly<Record<AudioCodec, readonly [number, number]>> = {
  aac: [16, 512],
  mp3: [32, 320],
  opus: [16, 256],
};
