/** A segment as a playlist names it. */
type Segment = {
  name: string;
  /** How long it plays. */
  seconds: number;
  /** Its size where it is a part of a file; left out where it is all of it. */
  bytes?: number;
};

/** What a media playlist says. */
export type MediaPlaylist = {
  /** The file that the segments begin with; undefined where each stands alone. */
  init: string | undefined;
  /** In the order in which they play. */
  segments: readonly Segment[];
  /** The longest that a segment may be, in seconds. */
  targetDuration: number;
  /** Whether no segment will be added to these. */
  isEnded: boolean;
  /** Whether a key is named for any of them. */
  isEncrypted: boolean;
};

export function readMediaPlaylist(text: string): MediaPlaylist {
  const durations = [...text.matchAll(/^#EXTINF:([\d.]+)/gm)].map(([, seconds]) => Number(seconds));
  const lengths = [...text.matchAll(/^#EXT-X-BYTERANGE:(\d+)/gm)].map(([, bytes]) => Number(bytes));
  return {
    init: /^#EXT-X-MAP:(?:.*,)?URI="([^"]*)"/m.exec(text)?.[1],
    segments: [...text.matchAll(uriLine)].map(([uri], at) => {
      const bytes = lengths[at];
      return { name: uri.trim(), seconds: durations[at] ?? 0, ...(bytes !== undefined && { bytes }) };
    }),
    targetDuration: Number(/^#EXT-X-TARGETDURATION:(\d+)/m.exec(text)?.[1] ?? 0),
    isEnded: /^#EXT-X-ENDLIST/m.test(text),
    isEncrypted: /^#EXT-X-KEY/m.test(text),
  };
}

/** The attributes of a tag (RFC 8216, 4.2), without the quotes around their values. */
export const attributesOf = (tag: string): Readonly<Partial<Record<string, string>>> =>
  Object.fromEntries(
    [...tag.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^,]*)/g)].map(([, name = "", value = ""]) => [
      name,
      value.replace(/^"(.*)"$/, "$1"),
    ]),
  );

/** All that a playlist names: playlists, segments, keys. */
export function urisIn(text: string): string[] {
  const uris: string[] = [];
  replaceUris(text, (uri) => {
    uris.push(uri);
    return uri;
  });
  return uris;
}

/** A URI stands on a line of its own, or in a tag. */
export const replaceUris = (text: string, replace: (uri: string) => string) =>
  text.replace(uriLine, replace).replace(/^(#.*[:,]URI=")([^"]*)"/gm, (_, before: string, uri: string) => {
    return `${before}${replace(uri)}"`;
  });

const uriLine = /^[^#\s].*$/gm;

/** A playlist that grew while its segments were made, as one that will not change any more. */
export const closedAsVod = (text: string) => {
  if (/^#EXT-X-PLAYLIST-TYPE:/m.test(text)) return text.replace(/^#EXT-X-PLAYLIST-TYPE:EVENT$/m, vod);
  return text.replace(/^#EXT-X-TARGETDURATION:.*$/m, `$&\n${vod}`);
};

const vod = "#EXT-X-PLAYLIST-TYPE:VOD";
