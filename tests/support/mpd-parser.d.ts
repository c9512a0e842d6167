/** Reads DASH manifests as video.js does. It has no types of its own; these are what tests use of it. */
declare module "mpd-parser" {
  type Playlist = {
    attributes: { NAME: string; BANDWIDTH: number; CODECS: string };
    segments: { uri: string; duration: number; map?: { uri: string } }[];
  };
  type Group = Partial<Record<string, Record<string, { playlists: Playlist[] }>>>;
  export type Element = {
    tagName: string;
    hasAttribute(name: string): boolean;
    getAttribute(name: string): string | null;
    getElementsByTagName(name: string): ArrayLike<Element>;
  };
  export function parse(
    manifest: string,
    options: { manifestUri: string },
  ): { playlists: Playlist[]; mediaGroups: { AUDIO: Group } };
  export function stringToMpdXml(manifest: string): Element;
}
