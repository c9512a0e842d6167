import type { VideoStream } from "#worker/ffmpeg/media.ts";

/** Frames a second as a fraction, so that 29.97 is what it is. */
export type Rate = { over: number; under: number };

const highestRate = 60;
const steadyRates = [24, 25, 30, 50, highestRate];

/**
 * Undefined when the source's own timing is kept. Some containers tick so fast that nothing but the average tells the
 * rate, and encoders would budget bits for 1000 frames a second.
 */
export function steadyRate({ nominalRate, averageRate = 0 }: VideoStream): number | undefined {
  if (nominalRate === undefined || nominalRate <= highestRate) return undefined;
  return steadyRates.find((rate) => rate >= averageRate * 0.98) ?? highestRate;
}

const usual: readonly Rate[] = [
  ...[12, 15, 20, 24, 25, 30, 48, 50, 60].map((over) => ({ over, under: 1 })),
  ...[24_000, 30_000, 60_000].map((over) => ({ over, under: 1_001 })),
];

/** The one rate that all renditions of a segmented output have: the source's, at most 60, as a usual fraction. */
export function constantRate({ nominalRate, averageRate }: VideoStream): Rate {
  const rate = Math.min(highestRate, averageRate ?? nominalRate ?? 25);
  const distance = (other: Rate) => Math.abs(perSecond(other) / rate - 1);
  const [nearest = { over: 25, under: 1 }] = usual.toSorted((a, b) => distance(a) - distance(b));
  if (distance(nearest) < 0.0005 || rate === highestRate) return nearest;
  // A variable rate: the next steady one loses no frame.
  const isVariable = averageRate !== undefined && nominalRate !== undefined && averageRate < nominalRate * 0.99;
  const above = isVariable ? steadyRates.find((steady) => steady >= rate * 0.98) : undefined;
  return above ? { over: above, under: 1 } : { over: Math.max(1, Math.round(rate * 1_000)), under: 1_000 };
}

export const perSecond = ({ over, under }: Rate) => over / under;

/** As ffmpeg reads it. */
export const fraction = ({ over, under }: Rate) => (under === 1 ? String(over) : `${over}/${under}`);

/** A group of pictures in frames, and a segment in seconds that is a whole number of them at this very rate. */
export function cadence(rate: Rate, gopSeconds: number, segmentSeconds: number) {
  const gopFrames = Math.ceil(perSecond(rate) * gopSeconds - 1e-6);
  const gops = Math.max(1, Math.round(segmentSeconds / gopSeconds));
  return { gopFrames, segmentSeconds: (gopFrames * gops) / perSecond(rate) };
}

/** About how many frames there will be. */
export function framesOf(video: VideoStream, durationSeconds: number | undefined, rate = steadyRate(video)) {
  if (rate === undefined && video.frames !== undefined) return video.frames;
  const estimate = (durationSeconds ?? 0) * (rate ?? video.averageRate ?? 0);
  return estimate > 0 ? Math.round(estimate) : undefined;
}
