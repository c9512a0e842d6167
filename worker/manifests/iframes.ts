import { bitRatesOf } from "./bit-rates.ts";
import { attributesOf, type MediaPlaylist, readMediaPlaylist } from "./playlist.ts";

/** The tag of a playlist of keyframes in a master playlist (RFC 8216, 4.3.4.3). */
const iframeTag = "#EXT-X-I-FRAME-STREAM-INF:";

/** The playlist of a variant's keyframes, beside its own. */
export const iframesName = (playlist: string) => playlist.replace(/\.m3u8$/, "_iframes.m3u8");

/**
 * A playlist of the first picture of each segment, with which players show what one scrubs over (RFC 8216, 4.3.3.6);
 * undefined when it cannot be told where one of them ends. `endOf` is in bytes.
 */
export function iframePlaylist(
  { segments, init, targetDuration, isEncrypted }: MediaPlaylist,
  endOf: (segment: string) => number | undefined,
): string | undefined {
  const ends = segments.flatMap(({ name }) => endOf(name) ?? []);
  if (isEncrypted || segments.length === 0 || ends.length < segments.length) return undefined;
  return [
    ...["#EXTM3U", `#EXT-X-VERSION:${init === undefined ? 4 : 7}`, `#EXT-X-TARGETDURATION:${targetDuration}`],
    ...["#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-I-FRAMES-ONLY"],
    ...(init === undefined ? [] : [`#EXT-X-MAP:URI="${init}"`]),
    ...segments.flatMap(({ name, seconds }, at) => [
      `#EXTINF:${seconds.toFixed(6)},`,
      `#EXT-X-BYTERANGE:${ends[at]}@0`,
      name,
    ]),
    ...["#EXT-X-ENDLIST", ""],
  ].join("\n");
}

/** The variants of a master playlist: the tag of each, and its own playlist. */
const variantsOf = (master: string) =>
  [...master.matchAll(/^(#EXT-X-STREAM-INF:.*)\n([^#\n]+)$/gm)].map(([, tag = "", uri = ""]) => ({ tag, uri }));

/** The playlists of a master playlist's variants. */
export const variantsIn = (master: string): string[] => variantsOf(master).map(({ uri }) => uri);

/** The playlists of keyframes that a master playlist names. */
export const iframesIn = (master: string): string[] =>
  master.split("\n").flatMap((line) => (line.startsWith(iframeTag) ? (attributesOf(line)["URI"] ?? []) : []));

/** A master playlist that names these playlists of keyframes, each by its variant's own. */
export const withIframes = (master: string, iframes: ReadonlyMap<string, string>): string =>
  withoutIframes(master) +
  variantsOf(master)
    // A variant that plays beside several groups of sounds is named for each of them.
    .filter(({ uri }, at, all) => all.findIndex((other) => other.uri === uri) === at)
    .map(({ tag, uri }) => {
      const text = iframes.get(uri);
      return text === undefined ? "" : `${iframeTag}${attributesFor(tag, iframesName(uri), text)}\n`;
    })
    .join("");

/** What a variant says of its picture, and what its keyframes alone need. */
function attributesFor(variant: string, uri: string, text: string): string {
  const { RESOLUTION: resolution, CODECS: codecs = "", "VIDEO-RANGE": range } = attributesOf(variant);
  const picture = codecs.split(",").find((codec) => !isSound.test(codec));
  const { peak = 0, average = 0 } = bitRatesOf(readMediaPlaylist(text), () => undefined) ?? {};
  return [
    `BANDWIDTH=${Math.ceil(peak)},AVERAGE-BANDWIDTH=${Math.ceil(average)}`,
    ...(resolution ? [`RESOLUTION=${resolution}`] : []),
    ...(range ? [`VIDEO-RANGE=${range}`] : []),
    ...(picture ? [`CODECS="${picture}"`] : []),
    `URI="${uri}"`,
  ].join(",");
}

const isSound = /^(mp4a|opus|ac-3|ec-3|fLaC)\b/i;

/** A master playlist without what it says of keyframes. */
export const withoutIframes = (master: string) => master.replace(/^#EXT-X-I-FRAME-STREAM-INF:.*\n?/gm, "");
