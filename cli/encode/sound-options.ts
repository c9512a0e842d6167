import { type Command, Option } from "commander";
import type { Order } from "#client/client.ts";
import { channelChoices } from "#shared/job/sound-order.ts";

type Sound = NonNullable<Order["audio"]>;

/** Which sounds of films the command line takes, and how many channels they have. */
export type SoundOptions = {
  /** Numbers and languages, such as `en,2`. Default: as the preset has it. */
  audioTracks?: string;
  /** Default: as the preset has it. */
  audioChannels?: NonNullable<Sound["channels"]>;
};

/** Adds the options of sound. */
export const addSoundOptions = (command: Command): Command =>
  command
    .option(
      "--audio-tracks <list>",
      "the sounds to take, by number from 0 or language, such as en,2; the first is the default",
    )
    .addOption(
      new Option("--audio-channels <channels>", "how many channels sounds have; source keeps surround as 5.1").choices(
        channelChoices,
      ),
    );

/** The sound among the options of a command, as an order has it. */
export function soundIn({ audioTracks, audioChannels }: SoundOptions): Pick<Order, "audio"> {
  const tracks = audioTracks?.split(",").map((track) => track.trim());
  const audio = {
    ...(tracks && { tracks: tracks.map((track) => (/^\d+$/.test(track) ? Number(track) : track)) }),
    ...(audioChannels && { channels: audioChannels }),
  };
  return Object.keys(audio).length > 0 ? { audio } : {};
}
