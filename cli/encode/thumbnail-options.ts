import type { Command } from "commander";
import type { Order } from "#client/client.ts";

type Thumbnails = NonNullable<Order["thumbnails"]>;

/** The pictures beside a film that the command line may ask for. */
export type ThumbnailOptions = {
  /** Moments, separated by commas, each in seconds or as hh:mm:ss.mmm. */
  thumbnails?: string;
  /** From one small picture of a sprite to the next, in seconds. */
  sprite?: number;
  /** The length of a preview, in seconds. */
  preview?: number;
  poster?: boolean;
};

/** Adds the options for pictures beside a film. */
export const addThumbnailOptions = (command: Command): Command =>
  command
    .option("--thumbnails <moments>", "a JPEG of each moment, such as 12.5,1:30")
    .option("--sprite <seconds>", "sheets of a small picture for every so many seconds, and their WebVTT", Number)
    .option("--preview <seconds>", "an animated WebP of so many seconds out of the film", Number)
    .option("--poster", "a JPEG that is typical of the film");

// The sizes of the presets that make the same.
const sizes = { sprite: 160, preview: 240, poster: 720 };

/** What of the options asks for pictures; undefined where none does. */
export function thumbnailsIn({ thumbnails, sprite, preview, poster }: ThumbnailOptions): Thumbnails | undefined {
  const wanted: Thumbnails = {
    ...(thumbnails !== undefined && { times: thumbnails.split(",").map(momentOf) }),
    ...(sprite !== undefined && { sprite: { width: sizes.sprite, every_seconds: sprite } }),
    ...(preview !== undefined && { preview: { size: sizes.preview, seconds: preview } }),
    ...(poster && { poster: { size: sizes.poster } }),
  };
  return Object.keys(wanted).length === 0 ? undefined : wanted;
}

/** Seconds as a number; what is written otherwise is for the service to read. */
const momentOf = (text: string) => (/^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : text.trim());
