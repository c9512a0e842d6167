import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioSettings } from "#worker/presets/fields.ts";
import type { OwnPreset } from "#worker/presets/own-preset.ts";
import { besideSound } from "./beside-sound.ts";
import { clipSound } from "./clip.ts";
import { type Gain, type Gains, gainKey } from "./gain.ts";
import { capLength, nothingElse, readInput } from "./input.ts";
import { fileSounds, type HeardSound } from "./kept-sound.ts";
import { ladderOf } from "./ladder.ts";
import { type Loudness, nextGain, type Trial, warningOf } from "./loudness-trials.ts";
import type { Analysis, Place, Plan } from "./plan.ts";
import { soundInputs } from "./prepared-sound.ts";
import { channelsOf, mixdown } from "./sound.ts";

type Given = { preset: OwnPreset; probe: Probe; place: Place };

/** A sound of the output, and how loud it has been found. */
type Heard = HeardSound & { trials: readonly Trial[] };

/**
 * A plan whose sounds come to the loudness that their preset names. Until they are measured it has passes that do so, each
 * of all sounds that are not known well enough, and `planWith` makes the rest of it.
 */
export function withLoudness(planned: Plan, given: Given, planWith: (gains: Gains) => Plan): Plan {
  const { preset, place } = given;
  const { audio } = preset;
  const { gains } = place;
  if (gains) return { ...planned, gains, warnings: [...(planned.warnings ?? []), ...gains.warnings] };
  const sounds = soundsOf(given);
  if (audio?.loudness === undefined || place.sound !== undefined || sounds.length === 0) return planned;
  const { loudness } = audio;
  const measured = (all: readonly Heard[]): Plan => {
    const open = all.filter(({ trials }) => !nextGain(loudness, trials).isFinal);
    if (open.length === 0) return planWith(gainsOf(loudness, all));
    const analysis: Analysis = {
      args: measuringArgs(given, audio, loudness, open),
      planWith(said) {
        const found = loudnessIn(said);
        const tried = (one: Heard) =>
          open.includes(one) ? withTrial(one, loudness, found.get(open.indexOf(one))) : one;
        return measured(all.map(tried));
      },
    };
    return { ...planned, analysis };
  };
  return measured(sounds.map((sound) => ({ ...sound, trials: [] })));
}

/** The sounds of the output, each that is mixed to as many channels once. */
function soundsOf({ preset, probe }: Given): readonly HeardSound[] {
  const all = preset.output_type === "single" ? fileSounds(preset.audio, probe) : ladderOf(preset, probe).sounds;
  return all.filter((sound, at) => all.findIndex((other) => keyOf(other) === keyOf(sound)) === at);
}

const keyOf = ({ track, settings }: HeardSound) => gainKey(track, channelsOf(settings, track));

/** Reads the sounds as the encode does, mixes them as it does, and measures them instead of encoding them. */
function measuringArgs(
  { probe, place, ...given }: Given,
  audio: AudioSettings,
  loudness: number,
  heard: readonly Heard[],
): string[] {
  const tracks = [...new Set(soundsOf({ probe, place, ...given }).map(({ track }) => track))];
  const sounds = soundInputs(audio, tracks, { probe, place });
  const graph = ({ track, settings, trials }: Heard, at: number) => {
    const { gain = unchanged } = nextGain(loudness, trials);
    const chain = [...clipSound(track), ...mixdown(settings, track, gain), meter(at)];
    return `[${sounds.from(track)}]${chain.join(",")}[heard${at}]`;
  };
  return [
    // The meter tells each tenth of a second otherwise.
    ...readInput(place.input, probe).map((arg) => (arg === "level+verbose" ? "level+info" : arg)),
    ...sounds.args,
    ...["-filter_complex", heard.map(graph).join(";"), ...heard.flatMap((_, at) => ["-map", `[heard${at}]`])],
    ...[...nothingElse, ...capLength(probe), "-f", "null", "-"],
    ...besideSound(probe, { encoded: [] }),
  ];
}

const unchanged: Gain = { decibels: 0, isLimited: false };

/**
 * The filter has a name, by which it is told from the others in what it says at its end. That takes two messages, between
 * which a meter of another graph might speak: in one graph each has said all before the next begins.
 */
const meter = (at: number) => `ebur128@loudness${at}=peak=true:framelog=verbose`;

/** What the meters say at their ends, by their numbers. */
function loudnessIn(said: readonly string[]): Map<number, Loudness> {
  const found = new Map<number, Loudness>();
  let at = -1;
  for (const line of said) {
    at = Number(/^\[ebur128@loudness(\d+) @ .*Summary:/.exec(line)?.[1] ?? at);
    const [, name, value] = /^ +(I|Peak): +(-?[\d.]+|-inf) (?:LUFS|dBFS)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const { integrated = silence, peak = silence } = found.get(at) ?? {};
    const decibels = value === "-inf" ? silence : Number(value);
    found.set(at, name === "I" ? { integrated: decibels, peak } : { integrated, peak: decibels });
  }
  return found;
}

const silence = Number.NEGATIVE_INFINITY;

const withTrial = (
  { trials, ...sound }: Heard,
  loudness: number,
  { integrated, peak }: Loudness = { integrated: silence, peak: silence },
): Heard => ({
  ...sound,
  trials: [...trials, { gain: nextGain(loudness, trials).gain ?? unchanged, integrated, peak }],
});

const gainsOf = (loudness: number, heard: readonly Heard[]): Gains => ({
  all: new Map(
    heard.flatMap(({ trials, ...sound }) => {
      const { gain } = nextGain(loudness, trials);
      return gain ? [[keyOf(sound), gain] as const] : [];
    }),
  ),
  warnings: heard.flatMap(({ trials }, at) => warningOf(loudness, trials, at) ?? []),
});
