import { frameRateIn } from "#shared/job/frame-rate.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";

/** Frames a second as a fraction, so that 29.97 is what it is. */
export type Rate = { over: number; under: number };

const highestRate = 60;
/** Below this a picture would come so late that it no longer fits its sound. */
const lowestRate = 10;

const usual: readonly Rate[] = [
  ...[10, 12, 15, 20, 24, 25, 30, 48, 50, 60].map((over) => ({ over, under: 1 })),
  // A GIF counts in hundredths of a second: 8 of them are a usual picture.
  { over: 25, under: 2 },
  ...[24_000, 30_000, 60_000].map((over) => ({ over, under: 1_001 })),
];

export const perSecond = ({ over, under }: Rate) => over / under;

/** As ffmpeg reads it. */
export const fraction = ({ over, under }: Rate) => (under === 1 ? String(over) : `${over}/${under}`);

/** The one rate that an output has: the one that is wanted of it, else that of its source. */
export function constantRate(video: VideoStream, wanted?: number | string): Rate {
  const asked = wanted === undefined ? undefined : frameRateIn(wanted);
  if (!asked) return rateOfMotion(video);
  const { over, under, isMost } = asked;
  return isMost ? atMost({ over, under }, rateOfMotion(video)) : { over, under };
}

/** So near a limit a division of a rate loses less than bringing it to the limit, which leaves out pictures unevenly. */
const enough = 0.75;

/** A rate that is no higher than the limit: the same, an even division of it, or else the limit. */
function atMost(limit: Rate, rate: Rate): Rate {
  const parts = Math.ceil(perSecond(rate) / perSecond(limit) - 0.001);
  if (parts <= 1) return rate;
  const divided = { over: rate.over, under: rate.under * parts };
  return perSecond(divided) >= enough * perSecond(limit) ? (usualNear(perSecond(divided), 0.0005) ?? divided) : limit;
}

/**
 * The rate of a source's motion, from 10 to 60. Recordings of phones, screens and calls leave out pictures here and there:
 * their average lies below the rate that they move at.
 */
function rateOfMotion(video: VideoStream): Rate {
  const motion = motionRate(video);
  const moving = within(motion);
  const nominal = video.nominalRate === undefined ? undefined : usualNear(within(video.nominalRate), 0.0005);
  if (nominal && isRateOf(perSecond(nominal), motion)) return nominal;
  const exact = usualNear(moving, 0.0005) ?? wholeNear(moving, 0.0005) ?? usualNear(moving, 0.02);
  // A variable rate: the next steady one loses no picture.
  return exact ?? usual.find(({ over, under }) => under === 1 && over >= moving) ?? { over: highestRate, under: 1 };
}

// Where pictures come as seldom as every second or third tick, the ticks are what they are timed by.
const isRateOf = (nominal: number, motion: number) =>
  Math.abs(nominal / within(motion) - 1) < 0.03 || (motion < 15 && isWhole(nominal / motion));
const isWhole = (value: number) => Math.abs(Math.round(value) / value - 1) < 0.01;

/** Frames a second while pictures move, from the packets; what the header says only where there are none. */
function motionRate({ packets, averageRate, nominalRate }: VideoStream): number {
  if (!packets || packets.shortInterval === 0)
    return Math.min(averageRate ?? nominalRate ?? 25, nominalRate ?? highestRate);
  const mean = 1 / packets.meanInterval;
  const short = 1 / packets.shortInterval;
  // Uneven clocks make some intervals short; a quarter of much shorter ones is motion.
  return Math.abs(short / mean - 1) < 0.25 && usualNear(short, 0.0005) === undefined ? mean : short;
}

/** Pictures above the highest rate are left out evenly, below the lowest one they are repeated evenly. */
function within(rate: number): number {
  if (rate > highestRate * 1.001) return rate / Math.ceil(rate / highestRate - 0.001);
  return Math.max(lowestRate, rate);
}

function usualNear(rate: number, tolerance: number): Rate | undefined {
  const distance = (other: Rate) => Math.abs(perSecond(other) / rate - 1);
  const [nearest] = usual.toSorted((a, b) => distance(a) - distance(b));
  return nearest && distance(nearest) < tolerance ? nearest : undefined;
}

function wholeNear(rate: number, tolerance: number): Rate | undefined {
  const over = Math.round(rate);
  return Math.abs(over / rate - 1) < tolerance ? { over, under: 1 } : undefined;
}

/** A group of pictures and a segment in whole frames. */
export type Cadence = { gopFrames: number; segmentFrames: number };

export function cadence(rate: Rate, gopSeconds: number, segmentSeconds: number): Cadence {
  const gopFrames = Math.ceil(perSecond(rate) * gopSeconds - 1e-6);
  return { gopFrames, segmentFrames: gopFrames * Math.max(1, Math.round(segmentSeconds / gopSeconds)) };
}

/** So many frames in seconds. */
export const secondsOfFrames = (frames: number, { over, under }: Rate) => (frames * under) / over;

/**
 * A time as a muxer is told it, in whole microseconds. It cuts at the first keyframe that is not before it, so that a
 * hair too much would lose a whole group of pictures: it is never more.
 */
export const muxerSeconds = (seconds: number) => (Math.floor(seconds * 1e6 + 1e-3) / 1e6).toFixed(6);
