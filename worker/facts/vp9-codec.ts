import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { frameRateOf } from "./frame-rate.ts";

/** The levels of VP9 (its bitstream specification, annex A): samples a second, and samples of a picture. */
const levels: readonly (readonly [level: number, rate: number, size: number])[] = [
  [10, 829_440, 36_864],
  [11, 2_764_800, 73_728],
  [20, 4_608_000, 122_880],
  [21, 9_216_000, 245_760],
  [30, 20_736_000, 552_960],
  [31, 36_864_000, 983_040],
  [40, 83_558_400, 2_228_224],
  [41, 160_432_128, 2_228_224],
  [50, 311_951_360, 8_912_896],
  [51, 588_251_136, 8_912_896],
  [52, 1_176_502_272, 8_912_896],
  [60, 1_176_502_272, 35_651_584],
  [61, 2_353_004_544, 35_651_584],
];

/** A picture in VP9 as RFC 6381 names it: its profile, the lowest level that holds it, and its depth. */
export function vp9Codec(video: VideoStream): string {
  const { width, height, pixelFormat = "" } = video;
  const size = width * height;
  const rate = size * (frameRateOf(video) ?? 1);
  const [level = 62] = levels.find(([, mostRate, mostSize]) => rate <= mostRate && size <= mostSize) ?? [];
  const depth = Number(/p(10|12)(le|be)$/.exec(pixelFormat)?.[1] ?? 8);
  const profile = (pixelFormat.includes("420") ? 0 : 1) + (depth > 8 ? 2 : 0);
  return `vp09.0${profile}.${level}.${String(depth).padStart(2, "0")}`;
}
