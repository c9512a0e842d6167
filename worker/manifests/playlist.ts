/** What a media playlist says. */
export type MediaPlaylist = {
  /** The file that the segments begin with; undefined where each stands alone. */
  init: string | undefined;
  /** In the order in which they play. */
  segments: readonly { name: string; seconds: number }[];
  /** Whether no segment will be added to these. */
  isEnded: boolean;
  /** Whether a key is named for any of them. */
  isEncrypted: boolean;
};

export function readMediaPlaylist(text: string): MediaPlaylist {
  const durations = [...text.matchAll(/^#EXTINF:([\d.]+)/gm)].map(([, seconds]) => Number(seconds));
  return {
    init: /^#EXT-X-MAP:(?:.*,)?URI="([^"]*)"/m.exec(text)?.[1],
    segments: [...text.matchAll(uriLine)].map(([uri], at) => ({ name: uri.trim(), seconds: durations[at] ?? 0 })),
    isEnded: /^#EXT-X-ENDLIST/m.test(text),
    isEncrypted: /^#EXT-X-KEY/m.test(text),
  };
}

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
