import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import { clipSound, seekClip } from "./clip.ts";
import { readInput } from "./input.ts";
import type { SoundSettings } from "./kept-sound.ts";
import { mixdown } from "./sound.ts";

/** A sound whose channels or rate change on the way, and the path of the file in which it has one form. */
export type ChangingSound = { track: AudioStream; path: string };

/** Brings such sounds of a source to one form, each in its file. */
export const steadySounds = (
  sound: Pick<SoundSettings, "channels">,
  sounds: readonly ChangingSound[],
  { probe, input }: { probe: Probe; input: string },
): string[] => [
  // Otherwise ffmpeg before 7 lets sound go on late for good after parts that overlap.
  ...readInput(input, probe, probe.isSteady ? ["-copyts", ...fromZero(probe)] : []),
  ...sounds.flatMap(({ track, path }) => [
    ...["-map", `0:${track.index}`, "-filter:a:0", [...clipSound(track), ...mixdown(sound, track)].join(",")],
    // An encoder with frames of its own would lose where in them the sound jumps.
    ...["-c:a", "pcm_s16le", "-f", "matroska", path],
  ]),
];

// A clip counts from the beginning of the source, whatever that calls its first moment.
const fromZero = (probe: Probe) => (probe.clip ? ["-start_at_zero", ...seekClip(probe)] : []);

/** Such a file as an input: it begins at its first packet, and when that was is told from outside. */
export const steadyInput = ({ track, path }: ChangingSound): string[] => [
  ...["-itsoffset", Math.max(0, track.packets?.startSeconds ?? 0).toFixed(6), "-i", path],
];
