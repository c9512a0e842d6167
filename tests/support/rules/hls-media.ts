import type { types } from "hls-parser";
import { type File, missing, type Rule, sum } from "./rule.ts";

/** A media playlist as hls-parser reads it, which is not our own hand. */
export type Media = {
  name: string;
  list: types.MediaPlaylist;
  files: readonly File[];
};

export const secondsOf = ({ list }: Pick<Media, "list">) => sum(list.segments.map(({ duration }) => duration));

const those = (is: boolean, { name }: Media) => (is ? [name] : []);

/** What the features that a playlist uses need at least. */
function leastVersion({ segments, isIFrame }: types.MediaPlaylist): number {
  if (segments.some(({ map }) => map)) return isIFrame ? 5 : 6;
  if (isIFrame || segments.some(({ byterange }) => byterange)) return 4;
  return segments.some(({ duration }) => duration % 1 !== 0) ? 3 : 1;
}

/** Of playlists whose output is complete. */
export const mediaRules: readonly Rule<Media>[] = [
  {
    rule: "RFC 8216 4.3.3.1: no segment rounds to more than the target duration",
    broken: ({ list: { segments, targetDuration } }) =>
      segments.filter(({ duration }) => Math.round(duration) > targetDuration).map(({ uri }) => uri),
  },
  {
    rule: "RFC 8216 4.3.3.4: a playlist that does not change ends",
    broken: (media) => those(!media.list.endlist, media),
  },
  {
    rule: "RFC 8216 7: the version is that of the features",
    broken: (media) => those((media.list.version ?? 1) < leastVersion(media.list), media),
  },
  {
    rule: "RFC 8216 3: each segment is there",
    broken: ({ list: { segments }, files }) =>
      missing(
        segments.flatMap(({ uri, map }) => (map ? [uri, map.uri] : [uri])),
        files,
      ),
  },
  {
    rule: "RFC 8216 4.3.2.2: a part lies within its file",
    broken: ({ list: { segments }, files }) =>
      segments.flatMap(({ uri, byterange }) => {
        const { bytes = 0 } = files.find(({ name }) => name === uri) ?? {};
        return byterange && byterange.offset + byterange.length > bytes ? [uri] : [];
      }),
  },
  {
    rule: "RFC 8216 3.5: WebVTT has an X-TIMESTAMP-MAP",
    broken: ({ list: { segments }, files }) =>
      segments.flatMap(({ uri }) => {
        const text = files.find(({ name }) => name === uri)?.text;
        return text !== undefined && !/^WEBVTT.*\nX-TIMESTAMP-MAP=/.test(text) ? [uri] : [];
      }),
  },
  {
    rule: "Apple 7.5: target durations are 6 seconds",
    broken: (media) => those(media.list.targetDuration !== 6 && secondsOf(media) > 6, media),
  },
  {
    rule: "Apple 7.7: no segment is half a second longer than the target duration",
    broken: ({ list: { segments, targetDuration } }) =>
      segments.filter(({ duration }) => duration > targetDuration + 0.5).map(({ uri }) => uri),
  },
  {
    rule: "Apple 8.6: what is complete is of type VOD",
    broken: (media) => those(media.list.playlistType !== "VOD", media),
  },
  {
    rule: "Apple 8.20: fragmented MP4 has an EXT-X-MAP",
    broken: ({ list: { segments } }) =>
      segments.filter(({ uri, map }) => /\.(m4s|mp4)$/.test(uri) && !map).map(({ uri }) => uri),
  },
  {
    rule: "Apple 8.13: nothing is discontinuous",
    broken: ({ list: { segments } }) => segments.filter(({ discontinuity }) => discontinuity).map(({ uri }) => uri),
  },
];

export const iframeRules: readonly Rule<Media>[] = [
  {
    rule: "Apple 6.8: a playlist of keyframes says that it is one",
    broken: (media) => those(media.list.isIFrame !== true, media),
  },
  {
    rule: "Apple 6.10: a keyframe of fragmented MP4 has its moof",
    broken: ({ list: { segments } }) =>
      segments.filter(({ byterange }) => byterange?.offset !== 0).map(({ uri }) => uri),
  },
];
