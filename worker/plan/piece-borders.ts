import type { Film } from "./film.ts";
import { perSecond } from "./rate.ts";

/** The least from one keyframe to the next of x264 and x265: a scene that begins sooner gets none. */
const leastGopFrames = 25;

/**
 * With which frames pieces of so many frames begin, but for the first. Where an encoder chooses its keyframes they are at those
 * that it would make by itself, as far as that is known: one more takes bits from the pictures beside it.
 */
export function bordersOf(film: Film, length: number, count: number): number[] {
  const even = Array.from({ length: count - 1 }, (_, at) => (at + 1) * length);
  const { usualGopFrames = Number.POSITIVE_INFINITY } = film;
  if (length < usualGopFrames) return even;
  const likely = likelyKeyframes(film, usualGopFrames);
  const nearest = (border: number) =>
    likely.reduce(
      (best, frame) => (Math.abs(frame - border) < Math.abs(best - border) ? frame : best),
      border - length,
    );
  return [...new Set(even.map(nearest))].filter((border) => border > 0);
}

/** Where an encoder makes keyframes that finds the scenes which the source's has found. */
function likelyKeyframes({ rate, frames = 0, video }: Film, usualGopFrames: number): number[] {
  const scenes = scenesIn(video.packets?.keyframes ?? []).map((seconds) => Math.round(seconds * perSecond(rate)));
  const found: number[] = [];
  for (let last = 0, at = 0; last < frames; ) {
    while ((scenes[at] ?? Number.POSITIVE_INFINITY) < last + leastGopFrames) at += 1;
    last = Math.min(last + usualGopFrames, scenes[at] ?? frames);
    if (last < frames) found.push(last);
  }
  return found;
}

/** An encoder's keyframes come at one distance, but for scenes. */
const sooner = 0.9;

/** When scenes begin, as far as keyframes tell that. */
function scenesIn(keyframes: readonly number[]): number[] {
  const distances = keyframes.map((seconds, at) => seconds - (keyframes[at - 1] ?? seconds));
  const usual = distances.reduce((longest, distance) => Math.max(longest, distance), 0);
  return keyframes.filter((_, at) => at > 0 && (distances[at] ?? 0) < usual * sooner);
}
