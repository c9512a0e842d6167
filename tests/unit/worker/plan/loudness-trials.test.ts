import { expect, test } from "bun:test";
import type { Gain } from "#worker/plan/gain.ts";
import { nextGain, type Trial, warningOf } from "#worker/plan/loudness-trials.ts";

const unchanged: Gain = { decibels: 0, isLimited: false };

/** Tries gains until one is final, with a sound that has these figures by itself, and with a limiter by this rule. */
function settled(target: number, integrated: number, peak: number, limited: (decibels: number) => number) {
  const trials: Trial[] = [];
  for (;;) {
    const { gain, isFinal } = nextGain(target, trials);
    if (isFinal) return { gain, trials, warning: warningOf(target, trials, 1) };
    if (!gain) throw new Error("nothing to try");
    const heard = gain.isLimited ? limited(gain.decibels) : integrated + gain.decibels;
    trials.push({ gain, integrated: Math.round(heard * 10) / 10, peak });
  }
}

const never = () => {
  throw new Error("no limiter was needed");
};

test("a sound whose peaks leave room is brought to the loudness by what it lacks", () => {
  const { gain, trials, warning } = settled(-16, -27, -15.1, never);
  expect({ gain, trials, warning }).toEqual({
    gain: { decibels: 11, isLimited: false },
    trials: [{ gain: unchanged, integrated: -27, peak: -15.1 }],
    warning: undefined,
  });
  expect(settled(-23, -9, 0.4, never).gain).toEqual({ decibels: -14, isLimited: false });
});

test("what a limiter takes away is given back, in as few passes as may be", () => {
  // Above 8 dB a fifth of each decibel is taken away.
  const { gain, trials, warning } = settled(
    -16,
    -27,
    -10,
    (decibels) => -27 + Math.min(decibels, 8 + (decibels - 8) * 0.8),
  );
  expect(gain).toMatchObject({ isLimited: true });
  expect(gain?.decibels).toBeCloseTo(11.8, 0);
  expect(trials.length).toBeLessThanOrEqual(3);
  expect(warning).toBeUndefined();
  const { trials: near } = settled(-16, -27, -14, (decibels) => -27 + decibels - 0.1);
  expect(near).toHaveLength(2);
});

test("what no limiter brings so far is told", () => {
  const { gain, trials, warning } = settled(
    -10,
    -27,
    -3,
    (decibels) => -27 + Math.min(decibels, 6 + (decibels - 6) / 10),
  );
  expect(gain?.isLimited).toBe(true);
  expect(gain?.decibels).toBeLessThanOrEqual(17 + 9);
  expect(trials.length).toBeLessThanOrEqual(4);
  expect(warning).toMatch(/^sound 2 comes to -\d+\.\d LUFS instead of -10: more would cut off its peaks$/);
});

test.each([Number.NEGATIVE_INFINITY, -70, -61])("what is as quiet as %p LUFS stays as it is", (integrated) => {
  const { gain, warning } = settled(-16, integrated, Number.NEGATIVE_INFINITY, never);
  expect(gain).toBeUndefined();
  expect(warning).toBe("sound 2 is silent, or as good as that: it stays as loud as it is");
});
