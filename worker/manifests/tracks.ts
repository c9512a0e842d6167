import { statedDuration } from "./dash.ts";
import { withoutIframes } from "./iframes.ts";
import { type MediaPlaylist, readMediaPlaylist, urisIn } from "./playlist.ts";

/** A run of segments that plays on its own: a media playlist of HLS, or a representation of DASH. */
export type Track = MediaPlaylist & {
  /** Who names the segments: a playlist, or a representation. */
  name: string;
};

const isText = (name: string) => name.endsWith(".m3u8");

/** Everything that an HLS entry leads to; `textOf` reads a playlist beside it, or is undefined when there is none. */
export function hlsTracks(entry: string, textOf: (name: string) => string | undefined): Track[] {
  // Keyframes are in the segments of the variants.
  const text = withoutIframes(textOf(entry) ?? "");
  const variants = urisIn(text).filter(isText);
  if (variants.length === 0) return [{ name: entry, ...readMediaPlaylist(text) }];
  return [...new Set(variants)].map((name) => ({ name, ...readMediaPlaylist(textOf(name) ?? "") }));
}

/** The representations of a manifest as ffmpeg writes them: numbered templates with a timeline. */
export function dashTracks(text: string): Track[] {
  return [...text.matchAll(/<Representation\b([^>]*)>(.*?)<\/Representation>/gs)].map(([, head = "", body = ""]) => {
    const id = attribute(head, "id");
    const [, whole] = /<BaseURL>([^<]*)<\/BaseURL>/.exec(body) ?? [];
    if (whole !== undefined) return wholeTrack(`representation ${id}`, whole, statedDuration(text) ?? 0);
    const template = /<SegmentTemplate\b([^>]*)>/.exec(body)?.[1] ?? "";
    const named = (pattern: string, number: number) =>
      pattern
        .replaceAll("$RepresentationID$", id)
        .replace(/\$Number(?:%0(\d+)d)?\$/, (_, width = "1") => String(number).padStart(Number(width), "0"));
    const timescale = Number(attribute(template, "timescale")) || 1;
    const first = Number(attribute(template, "startNumber") || 1);
    const segments = timeline(body).map((ticks, at) => ({
      name: named(attribute(template, "media"), first + at),
      seconds: ticks / timescale,
    }));
    return {
      name: `representation ${id}`,
      init: named(attribute(template, "initialization"), 0),
      segments,
      targetDuration: Math.max(0, ...segments.map(({ seconds }) => seconds)),
      isEnded: true,
      isEncrypted: false,
    };
  });
}

/** A representation that is one file. */
const wholeTrack = (name: string, file: string, seconds: number): Track => ({
  ...{
    name,
    init: undefined,
    segments: [{ name: file, seconds }],
    targetDuration: seconds,
    isEnded: true,
    isEncrypted: false,
  },
});

const attribute = (text: string, name: string) => new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(text)?.[1] ?? "";

const timeline = (text: string) =>
  [...text.matchAll(/<S\b([^>]*)>/g)].flatMap(([, item = ""]) => {
    const times = 1 + Number(attribute(item, "r") || 0);
    return Array.from({ length: times }, () => Number(attribute(item, "d")));
  });

/** The tracks of an entry, by its kind. */
export const tracksOf = (entry: string, textOf: (name: string) => string | undefined): Track[] =>
  entry.endsWith(".mpd") ? dashTracks(textOf(entry) ?? "") : hlsTracks(entry, textOf);
