import * as v from "valibot";
import { optional } from "#shared/described.ts";
import { subtitlesWith } from "#shared/job/subtitles.ts";

/** The subtitles of an order, whose URLs are checked by this. */
export const subtitlesField = (url: v.GenericSchema<string>) =>
  optional(
    subtitlesWith(
      v.pipe(
        url,
        v.metadata({
          description:
            "Where their file is, as input_url: SubRip, WebVTT or ASS of at most 20 MiB, in UTF-8, UTF-16 or a usual older encoding, timed to the source. Either this or track.",
          examples: ["https://example.com/film.de.srt"],
        }),
      ),
    ),
    "Subtitles by URL or of the source, instead of those that the preset takes from the source; at most 8.",
    [{ url: "https://example.com/film.de.srt", language: "de" }],
  );
