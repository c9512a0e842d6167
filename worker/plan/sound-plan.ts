import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import type { AudioSettings } from "#worker/presets/fields.ts";
import { besideSound } from "./beside-sound.ts";
import { type SoundPlan, soundFile } from "./encoded-sound.ts";
import { capLength, nothingElse, readInput } from "./input.ts";
import type { Place } from "./plan.ts";
import type { SoundInputs } from "./prepared-sound.ts";
import { soundArgs } from "./sound.ts";

type Given = {
  probe: Probe;
  place: Pick<Place, "input">;
  sounds: SoundInputs;
  /** As of `soundArgs`. */
  startsAt: number;
  untilSeconds: number | undefined;
};

/**
 * Undefined where an output would not be the same: mp4 keeps each packet of AAC with its time and length, but not what a
 * decoder leaves out of Opus, and not what a sound is for.
 */
export function soundPlan(
  sound: AudioSettings | undefined,
  tracks: readonly AudioStream[],
  heard: SoundPlan["heard"],
  { probe, place, sounds, startsAt, untilSeconds }: Given,
): SoundPlan | undefined {
  if (sound?.codec !== "aac" || tracks.length === 0 || sounds.args.length > 0 || !tracks.every(isPlain)) {
    return undefined;
  }
  return {
    args: [
      ...readInput(place.input, probe),
      ...tracks.flatMap((track, at) =>
        soundArgs(sound, track, { at, startsAt, untilSeconds, from: sounds.from(track), gains: sounds.gains }),
      ),
      ...[...nothingElse, ...capLength(probe)],
      // The first packet is at zero: when it is heard is told where the file is read.
      ...["-f", "mp4", "-use_editlist", "0", soundFile],
      ...besideSound(probe, { encoded: [] }),
    ],
    heard,
  };
}

/** Whether nothing is said of a sound but that it is the one to hear. */
const isPlain = ({ disposition: { isDefault: _, ...others } }: AudioStream) =>
  !Object.values(others).some((isSet) => isSet);
