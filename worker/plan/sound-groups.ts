import { bitsPerSecond } from "#shared/job/bit-rate.ts";
import type { HeardSound } from "./kept-sound.ts";
import type { Ladder } from "./ladder.ts";
import type { LadderSound, SoundGroup } from "./ladder-sounds.ts";

/** The sounds of which a master playlist offers one beside a variant. */
type PlayedGroup = {
  /** Undefined where no sound has a playlist of its own. */
  id: SoundGroup | undefined;
  /** One for each track, in their order. */
  members: readonly (HeardSound & { uri: string })[];
  /** As RFC 6381 names them. */
  codecs: readonly string[];
  /** What the largest of them is encoded with, in bits a second. */
  bitRate: number;
};

/**
 * The groups of a master playlist, that which all players take first; `uris` are the playlists of those sounds that have one.
 * What is no surround is the same in the group of 5.1.
 */
export function soundGroups(
  { audio, sounds }: Pick<Ladder, "audio" | "sounds">,
  uris: readonly string[],
): PlayedGroup[] {
  const ids = [...new Set(sounds.map(({ group }) => group))];
  if (ids.length === 0) return [{ id: undefined, members: [], codecs: [], bitRate: 0 }];
  return ids.map((id) => {
    const members = audio.flatMap((track) => memberOf(sounds, track, id) ?? []);
    return {
      id: uris.length > 0 ? id : undefined,
      members: uris.length > 0 ? members.map((sound) => ({ ...sound, uri: uris[sounds.indexOf(sound)] ?? "" })) : [],
      codecs: [...new Set(members.map(({ settings }) => (settings.codec === "eac3" ? "ec-3" : "mp4a.40.2")))],
      bitRate: Math.max(...members.map(({ settings }) => bitsPerSecond(settings.bitrate))),
    };
  });
}

const memberOf = (sounds: readonly LadderSound[], track: LadderSound["track"], id: SoundGroup) => {
  const all = sounds.filter((sound) => sound.track === track);
  return all.find(({ group }) => group === id) ?? all[0];
};
