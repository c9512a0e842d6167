import { replaceUris, urisIn } from "#worker/manifests/playlist.ts";

/** An entry, playlist or manifest, that names its media in a folder beside it, as it may already; `folder` ends in `/`. */
export function withPrefix(text: string, folder: string): string {
  if (folder === "") return text;
  const base = `<BaseURL>${folder}</BaseURL>`;
  if (text.includes("<MPD")) return text.includes(base) ? text : text.replace(/(<MPD\b[^>]*>)/, `$1\n\t${base}`);
  return replaceUris(text, (uri) => (isBeside(uri) && !uri.startsWith(folder) ? folder + uri : uri));
}

/** The files beside a playlist that it names. */
export const filesNamedIn = (text: string) => urisIn(text).filter(isBeside);

// An address of its own, such as that of a key, stays what it is.
const isBeside = (uri: string) => !/^([a-z][a-z0-9+.-]*:|\/)/i.test(uri);
