import { attributesOf } from "./playlist.ts";

/** What an entry says of the language of its playlists or representations, by the names of the tracks. */
export const languagesIn = (entry: string, text: string): ReadonlyMap<string, string> =>
  new Map(entry.endsWith(".mpd") ? representations(text) : playlists(text));

const playlists = (master: string) =>
  master.split("\n").flatMap((line): [string, string][] => {
    const { URI: uri, LANGUAGE: language } = line.startsWith("#EXT-X-MEDIA:") ? attributesOf(line) : {};
    return uri === undefined || language === undefined ? [] : [[uri, language]];
  });

const representations = (manifest: string) =>
  [...manifest.matchAll(/<AdaptationSet\b([^>]*)>(.*?)<\/AdaptationSet>/gs)].flatMap(([, head = "", body = ""]) => {
    const language = /\blang="([^"]+)"/.exec(head)?.[1];
    const ids = [...body.matchAll(/<Representation\b[^>]*\bid="([^"]*)"/g)].map(([, id]) => id);
    return ids.flatMap((id): [string, string][] =>
      language === undefined ? [] : [[`representation ${id}`, language]],
    );
  });
