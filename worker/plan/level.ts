import { kilobits } from "#shared/job/bit-rate.ts";
import type { Speed } from "#shared/job/speeds.ts";
import type { Rendition } from "#worker/presets/fields.ts";
import type { Rate } from "./rate.ts";
import { perSecond } from "./rate.ts";

type Size = { width: number; height: number };

// ITU-T H.264 table A-1, High profile: macroblocks a second, a frame, kept for reference; kbit/s of bit rate and buffer.
const h264Levels = [
  [10, 1_485, 99, 396, 80, 218],
  [11, 3_000, 396, 900, 240, 625],
  [12, 6_000, 396, 2_376, 480, 1_250],
  [13, 11_880, 396, 2_376, 960, 2_500],
  [20, 11_880, 396, 2_376, 2_500, 2_500],
  [21, 19_800, 792, 4_752, 5_000, 5_000],
  [22, 20_250, 1_620, 8_100, 5_000, 5_000],
  [30, 40_500, 1_620, 8_100, 12_500, 12_500],
  [31, 108_000, 3_600, 18_000, 17_500, 17_500],
  [32, 216_000, 5_120, 20_480, 25_000, 25_000],
  [40, 245_760, 8_192, 32_768, 25_000, 31_250],
  [42, 522_240, 8_704, 34_816, 62_500, 78_125],
  [50, 589_824, 22_080, 110_400, 168_750, 168_750],
  [51, 983_040, 36_864, 184_320, 300_000, 300_000],
  [52, 2_073_600, 36_864, 184_320, 300_000, 300_000],
  [60, 4_177_920, 139_264, 696_320, 300_000, 300_000],
] as const;

// ITU-T H.265 tables A.8 and A.9, Main tier: luma samples a second and a picture; kbit/s of bit rate.
const h265Levels = [
  [30, 16_588_800, 552_960, 6_000],
  [31, 33_177_600, 983_040, 10_000],
  [40, 66_846_720, 2_228_224, 12_000],
  [41, 133_693_440, 2_228_224, 20_000],
  [50, 267_386_880, 8_912_896, 25_000],
  [51, 534_773_760, 8_912_896, 40_000],
  [60, 1_069_547_520, 35_651_584, 60_000],
  [61, 2_139_095_040, 35_651_584, 120_000],
] as const;

// The frames that x264 keeps at each speed; fewer than four it never does with B-frames.
const kept: Partial<Record<Speed, number>> = { slow: 5, slower: 8, veryslow: 16 };

/** The lowest level, times ten, that a decoder needs. */
export function h264Level({ width, height }: Size, rate: Rate, speed: Speed, { maxrate, bufsize }: Rendition): number {
  const frame = Math.ceil(width / 16) * Math.ceil(height / 16);
  const needs = [frame * perSecond(rate), frame, frame * (kept[speed] ?? 4), kilobits(maxrate), kilobits(bufsize)];
  return lowest(h264Levels, needs);
}

export function h265Level({ width, height }: Size, rate: Rate, { maxrate }: Rendition): number {
  const picture = width * height;
  return lowest(h265Levels, [picture * perSecond(rate), picture, kilobits(maxrate)]);
}

function lowest(levels: readonly (readonly [number, ...number[]])[], needs: readonly number[]): number {
  const enough = levels.find(([, ...limits]) => needs.every((need, at) => need <= (limits[at] ?? 0)));
  return enough?.[0] ?? 62;
}
