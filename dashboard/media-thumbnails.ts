import type { Order } from "#client/client.ts";

type Thumbnails = NonNullable<Order["thumbnails"]>;

/** What is written into the fields for pictures beside a film; all of it may be empty. */
export type ThumbnailTexts = {
  /** Moments, separated by commas or blanks. */
  times: string;
  /** From one small picture of a sprite to the next, in seconds. */
  sprite: string;
  /** The length of a preview, in seconds. */
  preview: string;
};
export const noThumbnails: ThumbnailTexts = { times: "", sprite: "", preview: "" };

/** The pictures that an order asks for; undefined where nothing is written. */
export function thumbnailsOf({ times, sprite, preview }: ThumbnailTexts): Thumbnails | undefined {
  const moments = times.split(/[\s,]+/).filter(Boolean);
  const wanted: Thumbnails = {
    ...(moments.length > 0 && { times: moments.map((text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : text)) }),
    ...(sprite.trim() && { sprite: { width: 160, every_seconds: Number(sprite) } }),
    ...(preview.trim() && { preview: { size: 240, seconds: Number(preview) } }),
  };
  return Object.keys(wanted).length === 0 ? undefined : wanted;
}

/** The fields of the form, with the field of an order that a fault of theirs names. */
export const thumbnailFields = [
  { name: "times", field: "thumbnails.times", label: "Pictures at", hint: "Moments, such as 12.5, 1:30." },
  { name: "sprite", field: "thumbnails.sprite", label: "Sprite", hint: "A small picture every so many seconds." },
  { name: "preview", field: "thumbnails.preview", label: "Preview", hint: "An animated one of so many seconds." },
] as const satisfies readonly { name: keyof ThumbnailTexts; field: string; label: string; hint: string }[];
