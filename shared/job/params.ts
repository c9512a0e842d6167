import * as v from "valibot";
import { optional } from "#shared/described.ts";
import { wholeNumber } from "#shared/schemas.ts";
import { BitRate, kilobits } from "./bit-rate.ts";
import { FrameRateValue } from "./frame-rate.ts";
import { speeds } from "./speeds.ts";

const rate = (least: number, most: number) => {
  const message = `write a bit rate such as 128k, from ${least}k to ${most}k`;
  const isWithin = (text: string) => v.is(BitRate, text) && kilobits(text) >= least && kilobits(text) <= most;
  return v.pipe(v.string(message), v.check(isWithin, message));
};

/** What each parameter of an encode may be at most; a preset and its codecs may allow less. */
export const paramValues = {
  crf: wholeNumber(0, 63, ", of H.264 and H.265 at most 51"),
  bitrate: rate(16, 400_000),
  maxrate: rate(16, 400_000),
  size: wholeNumber(16, 4_320),
  frame_rate: FrameRateValue,
  speed: v.picklist(speeds, `must be one of ${speeds.join(", ")}`),
  audio_bitrate: rate(16, 512),
  loudness: wholeNumber(-40, -5),
  segment_seconds: wholeNumber(1, 60),
  gop_seconds: wholeNumber(1, 10),
};

/** What an order changes of its preset's settings. What is absent is as the preset has it. */
export const Params = v.strictObject(
  {
    crf: optional(
      paramValues.crf,
      "The quality by the scale of the preset's codec: lower is better and larger. Of a ladder that of its largest rendition; the others keep their distance from it.",
      20,
    ),
    bitrate: optional(
      paramValues.bitrate,
      "The average bit rate of the picture, in place of a quality: the encoder spends it whatever the film needs, in one pass. Of a ladder that of its largest rendition; the others keep their proportion to it.",
      "2500k",
    ),
    maxrate: optional(
      paramValues.maxrate,
      "The maximum bit rate of the picture over the decoder's buffer, which changes in proportion. Of a ladder as bitrate. Default: the preset's; with bitrate one and a half times that.",
      "4000k",
    ),
    size: optional(
      paramValues.size,
      "The short side of the picture in pixels; no source is made larger. Of a ladder the largest that it may have: larger renditions are left out. Bit rates change with it, by the power of 0.75 of the area.",
      480,
    ),
    frame_rate: optional(
      FrameRateValue,
      'Pictures a second, from 10 to 60: a number, a fraction such as "30000/1001", or "<=30" for at most so many. Default: that of the source, at most 60.',
      "<=30",
    ),
    speed: optional(
      paramValues.speed,
      "The trade of encoding time for quality, by the names of x264, from ultrafast to veryslow.",
      "fast",
    ),
    audio_bitrate: optional(paramValues.audio_bitrate, "The bit rate of each sound.", "96k"),
    loudness: optional(
      paramValues.loudness,
      "The integrated loudness of each sound in LUFS (EBU R128): the sounds are read and measured before they are encoded.",
      -16,
    ),
    segment_seconds: optional(
      paramValues.segment_seconds,
      "The length of segments in seconds, a multiple of gop_seconds.",
      6,
    ),
    gop_seconds: optional(paramValues.gop_seconds, "From one keyframe to the next in segments, in seconds.", 2),
  },
  "must be an object, such as { crf: 20 }",
);
export type Params = v.InferOutput<typeof Params>;
export type ParamName = keyof Params;

export const paramNames = Object.keys(Params.entries) as readonly ParamName[];
