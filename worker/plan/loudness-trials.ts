import { ceiling, type Gain } from "./gain.ts";

/** What a meter of loudness says of a sound (EBU R128). */
export type Loudness = {
  /** In LUFS; negative infinity for silence. */
  integrated: number;
  /** The true peak in decibels of full scale. */
  peak: number;
};

/** How loud a sound is with a gain. */
export type Trial = Loudness & { gain: Gain };

/** What is quieter is noise, or nothing. */
const quietest = -60;

/** The meter itself tells tenths. */
const near = 0.2;

/** So far from what it should be a sound may be without a word. */
const tolerated = 0.5;

/** A limiter takes loudness away, so that how much is lost must be tried: so often at most. */
const mostTrials = 4;

/** How much more than without a limiter is tried at most, in decibels. */
const mostMore = 9;

/**
 * The gain to try next, or to take if it `isFinal`; none for silence. Without a limiter a sound becomes louder by what it is
 * given; with one by less, the less the more of it is peaks.
 */
export function nextGain(target: number, trials: readonly Trial[]): { gain?: Gain; isFinal: boolean } {
  const [first, ...limited] = trials;
  if (!first) return { gain: { decibels: 0, isLimited: false }, isFinal: false };
  if (first.integrated < quietest) return { isFinal: true };
  const plain = target - first.integrated;
  if (first.peak + plain <= ceiling) return { gain: { decibels: plain, isLimited: false }, isFinal: true };
  const last = limited.at(-1);
  if (!last) return { gain: { decibels: plain, isLimited: true }, isFinal: false };
  const best = nearest(target, limited);
  if (Math.abs(target - best.integrated) <= near || trials.length >= mostTrials) {
    return { gain: best.gain, isFinal: true };
  }
  const before = limited.at(-2) ?? first;
  const slope = (last.integrated - before.integrated) / (last.gain.decibels - before.gain.decibels);
  const more = (target - last.integrated) / Math.min(1, Math.max(0.3, slope));
  const decibels = Math.min(last.gain.decibels + more, plain + mostMore);
  return decibels === last.gain.decibels
    ? { gain: best.gain, isFinal: true }
    : { gain: { decibels, isLimited: true }, isFinal: false };
}

const nearest = (target: number, trials: readonly [Trial, ...Trial[]] | readonly Trial[]) =>
  trials.reduce((best, one) => (Math.abs(target - one.integrated) < Math.abs(target - best.integrated) ? one : best));

/** What a client is told of a sound, by its number from 0, that is not as loud as its preset says; undefined if it is. */
export function warningOf(target: number, trials: readonly Trial[], at: number): string | undefined {
  const [first, ...limited] = trials;
  const { gain } = nextGain(target, trials);
  if (!gain) return `sound ${at + 1} is silent, or as good as that: it stays as loud as it is`;
  const taken = limited.find((one) => one.gain === gain);
  if (!first || !taken || Math.abs(target - taken.integrated) <= tolerated) return undefined;
  return `sound ${at + 1} comes to ${taken.integrated.toFixed(1)} LUFS instead of ${target}: more would cut off its peaks`;
}
