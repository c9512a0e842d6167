import * as v from "valibot";
import { described, optional } from "#shared/described.ts";
import { issueAt } from "#shared/schemas.ts";

export const subtitleModes = ["render", "embed", "burn"] as const;
export type SubtitleMode = (typeof subtitleModes)[number];
const mostSubtitles = 8;

/** BCP 47 as far as it says a language: a code of ISO 639, and what narrows it, such as `pt-BR` or `zh-Hant`. */
const languagePattern = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$/;
const languageMessage = "must be a language such as de, ger or pt-BR (BCP 47 or ISO 639)";
const language = v.pipe(v.string(languageMessage), v.regex(languagePattern, languageMessage));

const trackMessage = 'must be the number of a stream, as ffprobe counts them, or a language such as "de"';
const track = v.union(
  [
    v.pipe(
      v.number(trackMessage),
      v.integer(trackMessage),
      v.minValue(0, trackMessage),
      v.maxValue(9_999, trackMessage),
    ),
    v.pipe(v.string(trackMessage), v.regex(languagePattern, trackMessage)),
  ],
  trackMessage,
);

const flag = v.boolean("must be true or false");

/** What subtitles are, but for where a file of them is. */
const subtitleFields = {
  track: optional(
    track,
    "Which track of the source: the number of its stream, as ffprobe counts all streams from 0, or a language, whose first track is taken. Either this or url.",
    "de",
  ),
  language: optional(
    language,
    "The language as players are told it: BCP 47, or ISO 639. Default: what the source says of a track, else none.",
    "de",
  ),
  name: optional(
    v.pipe(
      v.string("must be a string"),
      v.nonEmpty("must not be empty"),
      v.maxLength(64, "is longer than 64 characters"),
      v.regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, "must not hold control characters"),
    ),
    "What a viewer chooses them by, at most 64 characters. Default: what the source calls a track, else the language's name.",
    "Deutsch",
  ),
  mode: optional(
    v.picklist(subtitleModes, `must be one of ${subtitleModes.join(", ")}`),
    "render: a rendition of WebVTT, in segmented outputs. embed: a track in the file, of single outputs. burn: drawn into the picture, for every viewer. Default: render for segmented outputs, embed for single ones.",
    "embed",
  ),
  forced: optional(
    flag,
    "Whether they are shown also to who wants none, such as what signs say. Default: what the source says of a track, else false.",
    false,
  ),
  default: optional(
    flag,
    "Whether players show them unless the viewer chooses otherwise; one at most. Default: false.",
    true,
  ),
};

// A control plane sends no more, however much of a URL it had to percent-encode.
const text = described(
  v.pipe(v.string("must be a string"), v.maxLength(100_000, "is longer than 100000 characters")),
  "Where their file is: SubRip, WebVTT or ASS.",
  "https://example.com/film.de.srt",
);

/** Subtitles, whose URLs are checked by this. */
export const subtitlesWith = <const Url extends v.GenericSchema<string>>(url: Url) =>
  v.pipe(
    v.array(
      v.pipe(
        v.strictObject({ url: v.exactOptional(url), ...subtitleFields }, "must be an object with a url or a track"),
        v.rawCheck(({ dataset, addIssue }) => {
          if (!dataset.typed) return;
          const { track, url } = dataset.value;
          if ((url === undefined) === (track === undefined)) addIssue(issueAt("name either this or track", "url"));
          // Whose it is would have to be known: a source is pinned to its job.
          if (/^\s*upload:/i.test(String(url ?? "")))
            addIssue(issueAt("must be http or https: an upload can be a source alone", "url"));
        }),
      ),
      "must be a list of subtitles",
    ),
    v.maxLength(mostSubtitles, `has more than ${mostSubtitles} subtitles`),
    v.rawCheck(({ dataset, addIssue }) => {
      const shown = dataset.typed ? dataset.value.flatMap((one, at) => (one.default === true ? [at] : [])) : [];
      for (const at of shown.slice(1))
        addIssue(issueAt("is true of another one, too: let one alone be shown", String(at), "default"));
      const burned = dataset.typed ? dataset.value.flatMap((one, at) => (one.mode === "burn" ? [at] : [])) : [];
      for (const at of burned.slice(1))
        addIssue(issueAt("is burn of another one, too: burn one alone", String(at), "mode"));
    }),
  );

/** The subtitles of an order. */
export const Subtitles = subtitlesWith(text);
export type SubtitleOrder = v.InferOutput<typeof Subtitles>[number];
