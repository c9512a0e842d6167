import * as v from "valibot";
import { described, optional } from "#shared/described.ts";
import { issueAt } from "#shared/schemas.ts";

export const positions = [
  ...(["top_left", "top", "top_right", "left", "center", "right"] as const),
  ...(["bottom_left", "bottom", "bottom_right"] as const),
] as const;
const mostOverlays = 4;

/** A length in pixels of the largest rendition, or a share of the picture's width such as `12.5%`. */
const length = (least: number, most: number) => {
  const message = `must be pixels from ${least} to ${most}, or a share of the width such as "12.5%"`;
  return v.pipe(
    v.union(
      [
        v.pipe(v.number(message), v.integer(message)),
        v.pipe(v.string(message), v.regex(/^\d{1,3}(\.\d{1,3})?%$/, message)),
      ],
      message,
    ),
    v.check((value) => {
      const number = Number.parseFloat(String(value));
      return typeof value === "number" ? value >= least && value <= most : number <= 100 && (least === 0 || number > 0);
    }, message),
  );
};

const seconds = v.pipe(
  v.number("must be a number of seconds"),
  v.minValue(0, "must not be before the beginning"),
  v.maxValue(1e6, "must be at most 1000000"),
);

/** What an overlay is, but for where its picture comes from. */
const overlayFields = {
  position: optional(
    v.picklist(positions, `must be one of ${positions.join(", ")}`),
    "Where it lies in the picture. Default: bottom_right.",
    "top_left",
  ),
  width: optional(
    length(2, 4_096),
    'Its width: pixels of the largest rendition, or a share of the picture\'s width such as "12.5%". Its shape is kept. Default: "12%".',
    "12%",
  ),
  margin: optional(length(0, 4_096), 'How far it is from the edges that it lies at, as width. Default: "2%".', "2%"),
  opacity: optional(
    v.pipe(
      v.number("must be a number from 0 to 1"),
      v.minValue(0.01, "must be from 0.01 to 1"),
      v.maxValue(1, "must be from 0.01 to 1"),
    ),
    "How much of it covers the picture, from 0.01 to 1. Default: 1.",
    0.8,
  ),
  start: optional(seconds, "When it is shown from, in seconds. Default: the beginning.", 5),
  end: optional(seconds, "When it is shown until, in seconds. Default: the end.", 20),
};

// A control plane sends no more, however much of a URL it had to percent-encode.
const text = described(
  v.pipe(v.string("must be a string"), v.maxLength(100_000, "is longer than 100000 characters")),
  "Where its picture is: PNG, WebP or GIF.",
  "https://example.com/logo.png",
);

/** Overlays, whose URLs are checked by this. */
export const overlaysWith = <const Url extends v.GenericSchema<string>>(url: Url) =>
  v.pipe(
    v.array(
      v.pipe(
        v.strictObject({ url, ...overlayFields }, "must be an object with a url"),
        v.rawCheck(({ dataset, addIssue }) => {
          if (!dataset.typed) return;
          const { start = 0, end } = dataset.value;
          const url: string = String(dataset.value.url);
          // Whose it is would have to be known: a source is pinned to its job.
          if (/^\s*upload:/i.test(url))
            addIssue(issueAt("must be http or https: an upload can be a source alone", "url"));
          if (end !== undefined && end <= start) addIssue(issueAt("must be after start", "end"));
        }),
      ),
      "must be a list of overlays",
    ),
    v.maxLength(mostOverlays, `has more than ${mostOverlays} overlays`),
  );

/** The overlays of an order, the lowest first. */
export const Overlays = overlaysWith(text);
export type Overlay = v.InferOutput<typeof Overlays>[number];
