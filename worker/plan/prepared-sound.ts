import { join } from "node:path";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import type { AudioSettings } from "#worker/presets/fields.ts";
import { steadyInput, steadySounds } from "./changing-sound.ts";
import type { Gains } from "./gain.ts";
import { inputOf } from "./input.ts";
import { joinedSounds } from "./joined-sound.ts";
import { plainSound } from "./kept-sound.ts";
import { aacPriming } from "./lip-sync.ts";
import type { Place, Preparation } from "./plan.ts";

/** Where each sound of an output comes from, and what must be done before. */
export type SoundInputs = {
  preparation?: Preparation;
  /** Inputs that follow those of the source. */
  args: readonly string[];
  /** What is mapped for a track. */
  from(track: AudioStream): string;
  /** Whether they are encoded already. */
  isEncoded?: boolean;
  /** What brings them to a loudness; absent: they stay as loud as they are. */
  gains?: Gains | undefined;
};

/**
 * Sound whose channels or rate change on the way is first brought to one form in a file of its own: ffmpeg makes the
 * filters anew at each change, and those that fill pauses would begin from zero each time. `startsAt` is where sounds begin
 * that are encoded already, in samples at 48 kHz.
 */
export function soundInputs(
  sound: AudioSettings | undefined,
  tracks: readonly AudioStream[],
  { probe, place, startsAt = 0 }: { probe: Probe; place: Place; startsAt?: number },
): SoundInputs {
  if (place.sound !== undefined) {
    const moved = ["-itsoffset", ((startsAt - aacPriming) / 48_000).toFixed(6)];
    const args = ["-protocol_whitelist", "file", "-format_whitelist", "mov", ...moved, "-i", place.sound];
    return { args, from: (track) => `1:a:${tracks.indexOf(track)}`, isEncoded: true };
  }
  const { gains } = place;
  if (probe.joined) {
    const [track] = sound ? tracks : [];
    return track && sound
      ? {
          ...joinedSounds(plainSound(sound), track, { probe, joined: probe.joined, outputDir: place.outputDir }),
          gains,
        }
      : { args: [], from: () => "" };
  }
  // Those that have an input of their own; the source is the first input of all.
  const own = sound ? tracks.filter(({ isChanging }) => isChanging || probe.apart) : [];
  const from = (track: AudioStream) => {
    const at = own.indexOf(track);
    return at < 0 ? `0:${track.index}` : `${at + 1}:${track.isChanging ? 0 : track.index}`;
  };
  const changing = own.filter(({ isChanging }) => isChanging).map((track) => fileOf(track, place));
  const args = own.flatMap((track) =>
    track.isChanging ? steadyInput(fileOf(track, place)) : inputOf(place.input, probe, track),
  );
  if (!sound || changing.length === 0) return { args, from, gains };
  const steps = [steadySounds(plainSound(sound), changing, { probe, input: place.input })];
  return { args, from, gains, preparation: { names: changing.map(({ track }) => nameOf(track)), steps } };
}

/** The sounds that are read through the opening of the pictures. */
export const readAlong = (tracks: readonly AudioStream[], { from }: SoundInputs): string[] =>
  tracks.map(from).filter((stream) => stream.startsWith("0:"));

const fileOf = (track: AudioStream, { outputDir }: Place) => ({ track, path: join(outputDir, nameOf(track)) });

const nameOf = ({ index }: AudioStream) => `prepared_${index}.mka`;
