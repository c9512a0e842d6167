import type { Order } from "#client/client.ts";

type Subtitle = NonNullable<Order["subtitles"]>[number];

/** What is written into the fields of a form about subtitles; empty where nothing is. */
export type SubtitleTexts = {
  /** The URL of a file, or a track of the source by its number or language. */
  source: string;
  language: string;
  name: string;
  mode: string;
  /** When players show them without being asked: `default`, `forced`, or empty for never. */
  shown: string;
};

export const noSubtitles: SubtitleTexts = { source: "", language: "", name: "", mode: "", shown: "" };

/** The type requires every mode that the API knows. */
const modeWords: Readonly<Record<NonNullable<Subtitle["mode"]>, string>> = {
  render: "As a rendition of HLS or DASH",
  embed: "As a track in the file",
  burn: "Burned into the picture",
};

/** In the order of the form, each with its words. */
export const modeChoices = Object.entries(modeWords);

const isMode = (text: string): text is NonNullable<Subtitle["mode"]> => Object.hasOwn(modeWords, text);

/** The subtitles of an order; none without a source. */
export function subtitlesOf({ source, language, name, mode, shown }: SubtitleTexts): Pick<Order, "subtitles"> {
  const from = source.trim();
  if (!from) return {};
  return {
    subtitles: [
      {
        ...sourceOf(from),
        ...(language.trim() && { language: language.trim() }),
        ...(name.trim() && { name: name.trim() }),
        ...(isMode(mode) && { mode }),
        ...(shown === "default" && { default: true }),
        ...(shown === "forced" && { forced: true }),
      },
    ],
  };
}

/** Numbers and what looks like a language name a track; all else is a URL, for the service to judge. */
function sourceOf(text: string): Pick<Subtitle, "url" | "track"> {
  if (/^\d+$/.test(text)) return { track: Number(text) };
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(text) ? { track: text } : { url: text };
}
