import * as v from "valibot";
import { described } from "#shared/described.ts";
import { type Clip, ClipJson } from "./clip.ts";

const fewestInputs = 2;
const mostInputs = 50;

/** The sources that are joined to one film, in this order. Where each is, and which part of it is taken, is checked by these. */
export const inputsWith = <
  const Url extends v.GenericSchema<string, string>,
  const Part extends v.GenericSchema<unknown, { start: number; end?: number }>,
>(
  url: Url,
  clip: Part,
) =>
  v.pipe(
    v.array(
      v.strictObject(
        {
          url,
          clip: v.exactOptional(
            v.pipe(
              clip,
              v.metadata({
                description: "The part of this source that is taken, as clip of an order. Default: all of it.",
                examples: [{ start: 10, end: 25 }],
              }),
            ),
          ),
        },
        "must be an object with a url",
      ),
      "must be a list of sources",
    ),
    v.minLength(fewestInputs, `names fewer than ${fewestInputs} sources: one alone is ordered by input_url`),
    v.maxLength(mostInputs, `names more than ${mostInputs} sources`),
  );

// A control plane sends no more, however much of a URL it had to percent-encode.
const text = described(
  v.pipe(v.string("must be a string"), v.maxLength(100_000, "is longer than 100000 characters")),
  "Where this source is.",
  "https://example.com/first.mp4",
);

/** The sources of a film that several are joined to, as journals, records and answers have them. */
export const Inputs = inputsWith(text, ClipJson);
export type InputPart = v.InferOutput<typeof Inputs>[number];

/** What an order says of its sources. */
export type Sources = {
  /** Where the source is; empty where several are joined. */
  inputUrl: string;
  clip?: Clip | undefined;
  inputs?: readonly { url: string; clip?: Clip | undefined }[] | undefined;
};

/** The sources of an order, in order, with the part of each that is taken and the name of the field that says where it is. */
export const sourcesOf = ({ inputUrl, clip, inputs }: Sources): { field: string; url: string; clip?: Clip }[] =>
  inputs && inputs.length > 0
    ? inputs.map((one, at) => ({ field: `inputs.${at}.url`, url: one.url, ...(one.clip && { clip: one.clip }) }))
    : [{ field: "input_url", url: inputUrl, ...(clip && { clip }) }];
