/** A playlist that grew while its segments were made, as one that will not change any more. */
export const closedAsVod = (text: string) => {
  if (/^#EXT-X-PLAYLIST-TYPE:/m.test(text)) return text.replace(/^#EXT-X-PLAYLIST-TYPE:EVENT$/m, vod);
  return text.replace(/^#EXT-X-TARGETDURATION:.*$/m, `$&\n${vod}`);
};

const vod = "#EXT-X-PLAYLIST-TYPE:VOD";

/** An entry, playlist or manifest, that names its media in a folder beside it, as it may already; `folder` ends in `/`. */
export function withPrefix(text: string, folder: string): string {
  if (folder === "") return text;
  const base = `<BaseURL>${folder}</BaseURL>`;
  if (text.includes("<MPD")) return text.includes(base) ? text : text.replace(/(<MPD\b[^>]*>)/, `$1\n\t${base}`);
  return replaceUris(text, (uri) => (isBeside(uri) && !uri.startsWith(folder) ? folder + uri : uri));
}

/** The files beside a playlist that it names. */
export function urisIn(text: string): string[] {
  const uris: string[] = [];
  replaceUris(text, (uri) => {
    if (isBeside(uri)) uris.push(uri);
    return uri;
  });
  return uris;
}

const replaceUris = (text: string, replace: (uri: string) => string) =>
  text.replace(/^[^#\r\n].*$/gm, replace).replace(/^(#.*[:,]URI=")([^"]*)"/gm, (_, before: string, uri: string) => {
    return `${before}${replace(uri)}"`;
  });

// An address of its own, such as that of a key, stays what it is.
const isBeside = (uri: string) => !/^([a-z][a-z0-9+.-]*:|\/)/i.test(uri);
