import * as v from "valibot";
import { ClipOrder } from "#shared/job/clip.ts";
import { inputsWith } from "#shared/job/inputs.ts";

/** The sources of an order that are joined to one film, whose URLs are checked by this. */
export const inputsField = <const Url extends v.GenericSchema<string, string>>(url: Url) =>
  v.exactOptional(
    v.pipe(
      inputsWith(
        v.pipe(
          url,
          v.metadata({
            description: "Where this source is, as input_url.",
            examples: ["https://example.com/first.mp4"],
          }),
        ),
        ClipOrder,
      ),
      v.metadata({
        description:
          "The sources that are joined to one film, in this order, instead of input_url: from 2 to 50. Size, frame rate, sound and colour are those of the first, or the preset's. Needs a preset of its own settings; not beside clip, or workers above 1.",
        examples: [
          [
            { url: "https://example.com/first.mp4" },
            { url: "https://example.com/second.mp4", clip: { start: 10, end: 25 } },
          ],
        ],
      }),
    ),
  );
