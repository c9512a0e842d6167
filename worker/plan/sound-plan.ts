import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import { besideSound } from "./beside-sound.ts";
import { type SoundPlan, soundFile } from "./encoded-sound.ts";
import { capLength, nothingElse, readInput } from "./input.ts";
import type { HeardSound } from "./kept-sound.ts";
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
  all: readonly HeardSound[],
  heard: SoundPlan["heard"],
  { probe, place, sounds, startsAt, untilSeconds }: Given,
): SoundPlan | undefined {
  const isKept = all.every(({ track, settings }) => settings.codec === "aac" && isPlain(track));
  // Each track is in the file once.
  const isEachOnce = new Set(all.map(({ track }) => track)).size === all.length;
  if (all.length === 0 || sounds.args.length > 0 || !isKept || !isEachOnce) return undefined;
  return {
    args: [
      ...readInput(place.input, probe),
      ...all.flatMap(({ track, settings }, at) =>
        soundArgs(settings, track, { at, startsAt, untilSeconds, from: sounds.from(track), gains: sounds.gains }),
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
