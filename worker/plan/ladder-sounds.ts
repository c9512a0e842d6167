import type { OutputType } from "#shared/job/event.ts";
import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import type { AudioSettings } from "#worker/presets/fields.ts";
import { type HeardSound, isSurround, keptSound, plainSound, type SoundSettings, surroundOf } from "./kept-sound.ts";

/** Sounds of which a player takes one, all in the same codec: the one that all players take, 5.1 in it, and E-AC-3. */
export type SoundGroup = "audio" | "surround" | "eac3";

/** A sound with segments of its own, or in those of the picture. */
export type LadderSound = HeardSound & {
  group: SoundGroup;
  /** The number of its track among those of the ladder. */
  at: number;
};

type Given = {
  /** Whether there can be no other than one sound. */
  isOne: boolean;
  output: OutputType;
};

/** What is made of these tracks, group by group: what is to keep the channels of the source has them beside stereo. */
export function ladderSounds(audio: AudioSettings, tracks: readonly AudioStream[], given: Given): LadderSound[] {
  const all = tracks.map((track, at) => ({ track, at }));
  if (given.isOne) return all.map((one) => ({ ...one, group: "audio", settings: keptSound(audio, one.track) }));
  const around = audio.channels === "source" ? all.filter(({ track }) => isSurround(track)) : [];
  // The groups of a playlist have the same members (RFC 8216, 4.3.4.2.1); a manifest has none.
  const beside = given.output === "dash" || around.length === 0 ? around : all;
  return [
    ...all.map((one) => ({ ...one, group: "audio" as const, settings: plainSound(audio) })),
    ...around.map((one) => ({ ...one, group: "surround" as const, settings: surroundOf(audio) })),
    ...(audio.eac3 === false
      ? []
      : beside.map((one) => ({ ...one, group: "eac3" as const, settings: eac3Of(audio, one.track) }))),
  ];
}

/** E-AC-3 of these channels, at the bit rates that broadcasters and stores use. */
function eac3Of(audio: AudioSettings, track: AudioStream): SoundSettings {
  if (isSurround(track)) return { codec: "eac3", bitrate: "384k", channels: 6 };
  const { channels } = plainSound(audio);
  return { codec: "eac3", bitrate: channels === 1 || track.channels === 1 ? "96k" : "192k", channels };
}
