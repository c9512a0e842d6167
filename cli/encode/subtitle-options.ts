import type { Command } from "commander";
import { Option } from "commander";
import type { Order } from "#client/client.ts";
import { subtitleModes } from "#shared/job/subtitles.ts";
import { omitEmpty } from "#shared/omit-empty.ts";

type Subtitle = NonNullable<Order["subtitles"]>[number];

/** The subtitles that the command line gives to films. */
export type SubtitleOptions = {
  subtitles?: string;
  subtitlesLanguage?: string;
  subtitlesName?: string;
  subtitlesMode?: NonNullable<Subtitle["mode"]>;
  subtitlesForced?: boolean;
  subtitlesDefault?: boolean;
};

/** Adds the options of subtitles. */
export const addSubtitleOptions = (command: Command): Command =>
  command
    .option(
      "--subtitles <url or track>",
      "the URL of a SubRip, WebVTT or ASS, or a track of the source such as de or 2",
    )
    .option("--subtitles-language <language>", "their language, such as de")
    .option("--subtitles-name <name>", "what a viewer chooses them by")
    .addOption(new Option("--subtitles-mode <mode>", "how they are shown").choices(subtitleModes))
    .option("--subtitles-forced", "they are shown also to who wants none")
    .option("--subtitles-default", "players show them unless the viewer chooses otherwise");

/** The subtitles among the options of a command, as an order has them. */
export function subtitlesIn(options: SubtitleOptions): Pick<Order, "subtitles"> {
  const { subtitles: where, subtitlesLanguage: language, subtitlesName: name, subtitlesMode: mode } = options;
  if (where === undefined) return {};
  const flags = { forced: options.subtitlesForced, default: options.subtitlesDefault };
  return { subtitles: [{ ...placeOf(where), ...omitEmpty({ language, name, mode, ...flags }) }] };
}

/** A number or a language is a track; whatever else it is, the service judges as a URL. */
function placeOf(where: string): Pick<Subtitle, "url" | "track"> {
  if (/^\d{1,4}$/.test(where)) return { track: Number(where) };
  return /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(where) ? { track: where } : { url: where };
}
