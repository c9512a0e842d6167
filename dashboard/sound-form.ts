import type { Order } from "#client/client.ts";

type Sound = NonNullable<Order["audio"]>;

/** What a form says of the sound; empty as the preset has it. */
export type SoundTexts = {
  /** Numbers and languages, such as `en, 2`. */
  tracks: string;
  channels: string;
};

export const noSound: SoundTexts = { tracks: "", channels: "" };

/** The type requires every choice that the API knows. */
const channelWords: Readonly<Record<NonNullable<Sound["channels"]>, string>> = {
  stereo: "Stereo",
  mono: "Mono",
  source: "As the source: surround as 5.1",
};

/** In the order of the form, each with its words. */
export const channelChoices = Object.entries(channelWords);

const isChannels = (text: string): text is NonNullable<Sound["channels"]> => Object.hasOwn(channelWords, text);

/** The sound of an order; fields that are empty are left out. */
export function soundOf({ tracks, channels }: SoundTexts): Pick<Order, "audio"> {
  const named = tracks.split(",").map((track) => track.trim());
  const audio = {
    ...(tracks.trim() && { tracks: named.map((track) => (/^\d+$/.test(track) ? Number(track) : track)) }),
    ...(isChannels(channels) && { channels }),
  };
  return Object.keys(audio).length > 0 ? { audio } : {};
}
