import { join } from "node:path";
import type { AudioStream, Probe } from "#worker/ffmpeg/media.ts";
import type { AudioSettings } from "#worker/presets/fields.ts";
import { inputOf, readInput } from "./input.ts";
import type { Place, Preparation } from "./plan.ts";
import { mixdown } from "./sound.ts";

/** Where each sound of an output comes from, and what must be done before. */
export type SoundInputs = {
  preparation?: Preparation;
  /** Inputs that follow those of the source. */
  args: readonly string[];
  /** What is mapped for a track. */
  from(track: AudioStream): string;
};

/**
 * Sound whose channels or rate change on the way is first brought to one form in a file of its own: ffmpeg makes the
 * filters anew at each change, and those that fill pauses would begin from zero each time.
 */
export function soundInputs(
  sound: AudioSettings | undefined,
  tracks: readonly AudioStream[],
  { probe, place, inputs = 1 }: { probe: Probe; place: Place; inputs?: number },
): SoundInputs {
  const changing = sound ? tracks.filter(({ isChanging }) => isChanging) : [];
  const opened = probe.apart ? tracks.filter((track) => !changing.includes(track)) : [];
  const openings = opened.flatMap((track) => inputOf(place.input, probe, track));
  const from = (track: AudioStream) => {
    if (changing.includes(track)) return `${inputs + opened.length + changing.indexOf(track)}:0`;
    return `${opened.includes(track) ? inputs + opened.indexOf(track) : 0}:${track.index}`;
  };
  if (!sound || changing.length === 0) return { args: sound ? openings : [], from };
  const names = changing.map((_, at) => `prepared_${at}.mka`);
  const path = (at: number) => join(place.outputDir, names[at] ?? "");
  return {
    from,
    preparation: {
      names,
      args: [
        ...readInput(place.input, probe),
        // Otherwise ffmpeg before 7 lets sound go on late for good after parts that overlap.
        ...(probe.isSteady ? ["-copyts"] : []),
        ...changing.flatMap((track, at) => [
          ...["-map", `0:${track.index}`, "-filter:a:0", mixdown(sound, track).join(",")],
          // An encoder with frames of its own would lose where in them the sound jumps.
          ...["-c:a", "pcm_s16le", "-f", "matroska", path(at)],
        ]),
      ],
    },
    // A file begins at its first packet: when that was is told from outside.
    args: [
      ...openings,
      ...changing.flatMap((track, at) => [
        ...["-itsoffset", Math.max(0, track.packets?.startSeconds ?? 0).toFixed(6), "-i", path(at)],
      ]),
    ],
  };
}
