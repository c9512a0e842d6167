import * as v from "valibot";
import { optional } from "#shared/described.ts";
import { overlaysWith } from "#shared/job/overlay.ts";

/** The overlays of an order, whose URLs are checked by this. */
export const overlayField = <const Url extends v.GenericSchema<string>>(url: Url) =>
  optional(
    overlaysWith(
      v.pipe(
        url,
        v.metadata({
          description:
            "Where the picture is, as input_url: a PNG, a WebP or a GIF of at most 20 MiB. One that is animated plays.",
          examples: ["https://example.com/logo.png"],
        }),
      ),
    ),
    "Pictures that are laid over the film, such as a watermark, the lowest first; at most 4.",
    [],
  );
