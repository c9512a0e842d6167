import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioSettings } from "#worker/presets/fields.ts";
import { audioNames } from "./encoders.ts";
import { audioOf, capLength, ifKnown, secondsOf } from "./input.ts";
import { keptSound } from "./kept-sound.ts";
import { faststart } from "./movie.ts";
import type { Part } from "./part.ts";
import type { SoundInputs } from "./prepared-sound.ts";
import { channelsOf, soundArgs } from "./sound.ts";

type Sound = { name: string; extension: string; audio: AudioSettings };

/** A file of sound alone. */
export function audioPart(preset: Sound, probe: Probe, sounds: SoundInputs): Part {
  const audio = audioOf(probe, preset);
  const sound = keptSound(preset.audio, audio);
  const name = `output.${preset.extension}`;
  return {
    args: [
      ...soundArgs(sound, audio, { from: sounds.from(audio), gains: sounds.gains }),
      ...capLength(probe),
      ...faststart(preset.extension),
    ],
    target: name,
    files: [
      {
        name,
        audio: {
          codec: audioNames[preset.audio.codec],
          channels: channelsOf(sound, audio),
          ...ifKnown(secondsOf(probe, audio)),
        },
        ...ifKnown(secondsOf(probe, audio)),
      },
    ],
  };
}
