import { join } from "node:path";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import type { AudioSettings } from "#worker/presets/fields.ts";
import { clipSound, seekClip } from "./clip.ts";
import { inputOf, readInput } from "./input.ts";
import { aacPriming } from "./lip-sync.ts";
import type { Place, Preparation } from "./plan.ts";
import { mixdown } from "./sound.ts";

/** Where each sound of an output comes from, and what must be done before. */
export type SoundInputs = {
  preparation?: Preparation;
  /** Inputs that follow those of the source. */
  args: readonly string[];
  /** What is mapped for a track. */
  from(track: AudioStream): string;
  /** Whether they are encoded already. */
  isEncoded?: boolean;
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
  // Those that have an input of their own; the source is the first input of all.
  const own = sound ? tracks.filter(({ isChanging }) => isChanging || probe.apart) : [];
  const from = (track: AudioStream) => {
    const at = own.indexOf(track);
    return at < 0 ? `0:${track.index}` : `${at + 1}:${track.isChanging ? 0 : track.index}`;
  };
  const changing = own.filter(({ isChanging }) => isChanging);
  const path = (track: AudioStream) => join(place.outputDir, nameOf(track));
  // A file begins at its first packet: when that was is told from outside.
  const args = own.flatMap((track) =>
    track.isChanging
      ? ["-itsoffset", Math.max(0, track.packets?.startSeconds ?? 0).toFixed(6), "-i", path(track)]
      : inputOf(place.input, probe, track),
  );
  if (!sound || changing.length === 0) return { args, from };
  const preparationArgs = [
    // Otherwise ffmpeg before 7 lets sound go on late for good after parts that overlap.
    ...readInput(place.input, probe, probe.isSteady ? ["-copyts", ...fromZero(probe)] : []),
    ...changing.flatMap((track) => [
      ...["-map", `0:${track.index}`, "-filter:a:0", [...clipSound(track), ...mixdown(sound, track)].join(",")],
      // An encoder with frames of its own would lose where in them the sound jumps.
      ...["-c:a", "pcm_s16le", "-f", "matroska", path(track)],
    ]),
  ];
  return { args, from, preparation: { names: changing.map(nameOf), args: preparationArgs } };
}

// A clip counts from the beginning of the source, whatever that calls its first moment.
const fromZero = (probe: Probe) => (probe.clip ? ["-start_at_zero", ...seekClip(probe)] : []);

/** The sounds that are read through the opening of the pictures. */
export const readAlong = (tracks: readonly AudioStream[], { from }: SoundInputs): string[] =>
  tracks.map(from).filter((stream) => stream.startsWith("0:"));

const nameOf = ({ index }: AudioStream) => `prepared_${index}.mka`;
