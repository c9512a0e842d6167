import * as v from "valibot";
import { described, optional } from "#shared/described.ts";
import { wholeNumber } from "#shared/schemas.ts";
import { Moment } from "./moment.ts";

const withDefault = <const S extends v.GenericSchema<number>>(schema: S, value: number, description: string) =>
  v.optional(described(schema, `${description} Default: ${value}.`, value), value);

const size = wholeNumber(16, 4_320);
const mostTimes = 50;

const times = v.pipe(
  v.array(Moment, "must be a list of moments"),
  v.minLength(1, "name at least one moment"),
  v.maxLength(mostTimes, `name at most ${mostTimes} moments`),
  v.check(
    (moments) => moments.every((moment, at) => at === 0 || moment > (moments[at - 1] ?? 0)),
    "name each moment once, the earlier ones first",
  ),
);

/** Pictures of a film at given moments. */
export const Stills = v.strictObject({
  /** In seconds of the film; beyond its end stands its last picture. */
  times,
  /** The short side of each, in pixels; no source is made larger. */
  size: v.optional(size, 720),
});
export type StillSettings = v.InferOutput<typeof Stills>;

export const Poster = v.strictObject(
  { size: described(size, "The short side in pixels.", 720) },
  "must be an object, such as { size: 720 }",
);
export type PosterSettings = v.InferOutput<typeof Poster>;

/** Small pictures on sheets, with a WebVTT that says which is where. */
export const Sprite = v.strictObject(
  {
    width: described(wholeNumber(16, 1_024), "The width of a picture in pixels.", 160),
    every_seconds: described(wholeNumber(1, 600), "The distance between pictures, in seconds.", 5),
    columns: withDefault(wholeNumber(1, 20), 10, "How many pictures lie side by side on a sheet."),
    rows: withDefault(
      wholeNumber(1, 20),
      10,
      "How many rows a sheet has; fewer where it would have more than 67 million pixels.",
    ),
  },
  "must be an object, such as { width: 160, every_seconds: 5 }",
);
export type SpriteSettings = v.InferOutput<typeof Sprite>;

const formats = ["webp", "mp4"] as const;

/** A few moments of a film without sound. */
export const Preview = v.strictObject(
  {
    size: described(size, "The short side in pixels.", 240),
    seconds: described(wholeNumber(1, 60), "Its length, in seconds.", 4),
    moments: withDefault(wholeNumber(1, 20), 4, "How many moments, spread over the film, it shows."),
    rate: withDefault(wholeNumber(1, 30), 10, "Pictures a second."),
    format: v.optional(
      described(v.picklist(formats, `use ${formats.join(", ")}`), "An animated WebP, or mp4. Default: webp.", "webp"),
      "webp",
    ),
  },
  "must be an object, such as { size: 240, seconds: 4 }",
);
export type PreviewSettings = v.InferOutput<typeof Preview>;

/** The pictures that an order wants beside its film, besides those of its preset. */
export const Thumbnails = v.pipe(
  v.strictObject(
    {
      times: optional(
        times,
        "A JPEG of each of these moments of what is made: seconds, or hh:mm:ss.mmm; at most 50, the earlier ones first. Beyond the end stands the last picture.",
        [12.5, "00:01:30"],
      ),
      size: optional(size, "The short side of these in pixels; no source is made larger. Default: 720.", 720),
      sprite: v.exactOptional(
        v.pipe(Sprite, v.metadata({ description: "Sheets of small pictures and a WebVTT for the seek bar." })),
      ),
      preview: v.exactOptional(
        v.pipe(Preview, v.metadata({ description: "A few moments without sound, to show when pointed at." })),
      ),
      poster: v.exactOptional(v.pipe(Poster, v.metadata({ description: "One picture that is typical of the film." }))),
    },
    "must be an object, such as { times: [10] }",
  ),
  v.check((wanted) => Object.keys(wanted).some((name) => name !== "size"), "name times, sprite, preview or poster"),
  v.forward(
    v.check(({ size, times }) => size === undefined || times !== undefined, "is that of the pictures at times"),
    ["size"],
  ),
);
export type Thumbnails = v.InferOutput<typeof Thumbnails>;

/** The field of an order. */
export const thumbnailsField = optional(
  Thumbnails,
  "Pictures beside the film, besides those of the preset: at given moments, a sprite for the seek bar, a preview, a poster; see docs/orders.md. Needs a preset with video of its own settings.",
  { times: [12.5, "00:01:30"] },
);
