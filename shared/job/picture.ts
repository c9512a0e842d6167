import * as v from "valibot";
import { described, optional } from "#shared/described.ts";
import { checkProblem, issueAt, wholeNumber } from "#shared/schemas.ts";
import { colourDigits, colourNames } from "./colour-names.ts";

export const fits = ["contain", "cover", "stretch"] as const;
const turns = [0, 90, 180, 270] as const;
export const deinterlacing = ["auto", "on", "off"] as const;
export const denoising = ["off", "light", "medium", "strong"] as const;

const leastSide = 16;
const mostSide = 4_096;
/** What H.264 allows of a picture at level 5.1 (ITU-T H.264, table A-1): 36,864 macroblocks. */
const mostPixels = 36_864 * 256;
/** No source that can be decoded is larger. */
const mostOffset = 16_384;

const oneOf = <const T extends readonly (string | number)[]>(values: T) =>
  v.picklist(values, `must be one of ${values.join(", ")}`);

const sideMessage = `must be an even number from ${leastSide} to ${mostSide}`;
const side = v.pipe(
  v.number(sideMessage),
  v.multipleOf(2, sideMessage),
  v.minValue(leastSide, sideMessage),
  v.maxValue(mostSide, sideMessage),
);

const Crop = v.strictObject(
  {
    x: described(wholeNumber(0, mostOffset), "How far its left edge is from that of the picture, in pixels.", 240),
    y: described(wholeNumber(0, mostOffset), "How far its upper edge is from that of the picture, in pixels.", 0),
    width: described(wholeNumber(leastSide, mostOffset), `Its width in pixels, at least ${leastSide}.`, 1_440),
    height: described(wholeNumber(leastSide, mostOffset), `Its height in pixels, at least ${leastSide}.`, 1_080),
  },
  "must be an object, such as { x: 240, y: 0, width: 1440, height: 1080 }",
);

const colourProblem = (text: string) =>
  colourDigits(text) === undefined
    ? `must be a colour such as #1a2b3c, or one of ${colourNames.join(", ")}`
    : undefined;

/** The fields of an order about its picture, which a preset has too, below `picture`. */
export const pictureFields = {
  crop: optional(
    Crop,
    "The part of the picture that is kept, in pixels of the picture as a player shows the source: upright, after rotate, with square pixels. What reaches outside fails the job. Odd numbers are rounded to even ones. Default: all of it.",
    { x: 240, y: 0, width: 1_440, height: 1_080 },
  ),
  fit: optional(
    oneOf(fits),
    "How the picture fills a frame of width and height: contain shows all of it between bars, cover fills the frame and cuts off what is over, stretch changes its shape. Needs width and height. Default: contain.",
    "cover",
  ),
  width: optional(
    side,
    `The width of the output in pixels, an even number from ${leastSide} to ${mostSide}; of several renditions that of the largest, and the others have its shape. Without height, that follows the picture's shape. Both together have at most ${mostPixels} pixels. Default: by the preset's size.`,
    1_080,
  ),
  height: optional(side, "The height of the output in pixels, as width.", 1_920),
  background: optional(
    v.pipe(v.string("must be a string"), checkProblem(colourProblem)),
    "The colour of the bars that fit contain leaves: #rrggbb, or one of the sixteen names of colours of HTML 4. Default: black.",
    "#1a2b3c",
  ),
  rotate: optional(
    oneOf(turns),
    "By how many degrees the picture is turned clockwise, after it was turned as the source itself says: 0, 90, 180 or 270. Default: 0.",
    90,
  ),
  deinterlace: optional(
    oneOf(deinterlacing),
    "Makes whole pictures of two fields: auto where the source says that it is interlaced, on always, off never. Default: auto.",
    "on",
  ),
  denoise: optional(oneOf(denoising), "Takes noise out of the picture before it is encoded. Default: off.", "light"),
};

export const pictureNames = [
  "crop",
  "fit",
  "width",
  "height",
  "background",
  "rotate",
  "deinterlace",
  "denoise",
] as const;

/** What an order or a preset says of the picture. */
export const PictureSettings = v.strictObject(pictureFields, "must be an object of settings, such as { fit: cover }");
export type PictureSettings = v.InferOutput<typeof PictureSettings>;

/** The same where all of it is known: what contradicts itself is refused. */
export const Picture = v.pipe(
  PictureSettings,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { width, height, fit, background } = dataset.value;
    const hasFrame = width !== undefined && height !== undefined;
    if (fit !== undefined && !hasFrame) addIssue(issueAt("needs a width and a height to fit the picture into", "fit"));
    if (background !== undefined && (!hasFrame || (fit ?? "contain") !== "contain"))
      addIssue(issueAt("is seen beside a picture only: needs width, height and fit contain", "background"));
    if (hasFrame && width * height > mostPixels) addIssue(issueAt(tooLarge(width, height), "width"));
  }),
);
export type Picture = v.InferOutput<typeof Picture>;

const tooLarge = (width: number, height: number) =>
  `makes ${width * height} pixels with the height ${height}; at most ${mostPixels} are possible`;

/** What is wrong with a frame of which one side follows the picture's shape; undefined when nothing is. */
export function frameProblem(width: number, height: number): string | undefined {
  const isOutside = [width, height].some((one) => one < leastSide || one > mostSide);
  if (!isOutside && width * height <= mostPixels) return undefined;
  return `makes a picture of ${width}x${height}; both sides are from ${leastSide} to ${mostSide}, with at most ${mostPixels} pixels in all`;
}
