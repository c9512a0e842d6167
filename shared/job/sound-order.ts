import * as v from "valibot";
import { optional } from "#shared/described.ts";

const mostTracks = 8;
export const channelChoices = ["stereo", "mono", "source"] as const;

const trackMessage = 'must be a number of a sound from 0 on, or a language such as "en" or "eng"';

/** A language of BCP 47 or ISO 639-2. */
const isLanguage = (text: string) => /^[a-z]{2,3}(-[a-z0-9]{1,8}){0,4}$/i.test(text);

const Track = v.union(
  [
    v.pipe(
      v.number(trackMessage),
      v.integer(trackMessage),
      v.minValue(0, trackMessage),
      v.maxValue(999, "must be at most 999"),
    ),
    v.pipe(v.string(trackMessage), v.check(isLanguage, trackMessage)),
  ],
  trackMessage,
);

/** Sounds of a source: by their numbers among its sounds, or by their languages. */
export const SoundTracks = v.pipe(
  v.array(Track, "must be a list of numbers and languages"),
  v.minLength(1, "name at least one sound"),
  v.maxLength(mostTracks, `name at most ${mostTracks} sounds`),
);

/** What an order says of its sound. */
export const SoundOrder = v.strictObject(
  {
    tracks: optional(
      SoundTracks,
      'The sounds of the source that are taken, in this order, the first one as the default: a number counts the source\'s sounds from 0 in the file\'s order, a language such as "de" or "ger" stands for the film\'s own sound in it. At most 8. Default: the default sound of the source for a file, all for segments.',
      ["en", 2],
    ),
    channels: optional(
      v.picklist(channelChoices, `must be one of ${channelChoices.join(", ")}`),
      "The channels of the sound: stereo, mono, or source, which keeps surround as 5.1; segments have it beside stereo, as AAC and as E-AC-3. No sound gets more than the source has. Default: the preset's, which is stereo where it does not say.",
      "source",
    ),
  },
  "must be an object, such as { tracks: ['en'], channels: 'source' }",
);
export type SoundOrder = v.InferOutput<typeof SoundOrder>;

/** What of it cannot be asked for beside several sources, by its field within `audio`. */
export function joinedSoundProblem({ tracks, channels }: Partial<Record<keyof SoundOrder, unknown>>) {
  if (tracks !== undefined)
    return { field: "tracks", message: "a film of several inputs has the main sound of each: leave it out" };
  return channels === "source"
    ? { field: "channels", message: "a film of several inputs has stereo or mono: use one of them" }
    : undefined;
}
