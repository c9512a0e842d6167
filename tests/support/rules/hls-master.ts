import type { types } from "hls-parser";
import { type Media, secondsOf } from "./hls-media.ts";
import type { Rule } from "./rule.ts";

/** A master playlist as hls-parser reads it, and the playlists that it names. */
export type Master = {
  list: types.MasterPlaylist;
  /** What hls-parser leaves out is looked for here. */
  text: string;
  mediaOf(uri: string): Media | undefined;
};

type Variant = types.Variant;
type Rendition = Pick<Variant["audio"][number], "uri" | "name" | "language" | "isDefault" | "channels"> & {
  type: string;
  groupId: string;
};

const shown = ({ list }: Master) => list.variants.filter(({ isIFrameOnly }) => !isIFrameOnly);
const iframes = ({ list }: Master) => list.variants.filter(({ isIFrameOnly }) => isIFrameOnly);

/** Each once, though many variants may play with it. */
function renditionsOf(master: Master): Rendition[] {
  const all = shown(master).flatMap(({ audio, subtitles, closedCaptions }) => [
    ...audio,
    ...subtitles,
    ...closedCaptions,
  ]);
  return [...new Map(all.map((one) => [`${one.type} ${one.groupId} ${one.name} ${one.uri}`, one])).values()];
}

const groupsOf = (master: Master) => [
  ...Map.groupBy(renditionsOf(master), ({ type, groupId }) => `${type} ${groupId}`).entries(),
];

const without = (variants: readonly Variant[], has: (variant: Variant) => unknown) =>
  variants.filter((variant) => !has(variant)).map(({ uri }) => uri);

/** The playlists of pictures and sound. */
function mediaIn(master: Master): Media[] {
  const uris = shown(master).flatMap(({ uri, audio }) => [uri, ...audio.map((one) => one.uri)]);
  return [...new Set(uris)].flatMap((uri) => (uri === undefined ? [] : (master.mediaOf(uri) ?? [])));
}

/** Of the tags that hls-parser reads by halves. */
const variantTags = ({ text }: Master) => text.split("\n").filter((line) => line.startsWith("#EXT-X-STREAM-INF:"));

/**
 * A last frame of sound goes on for a little after a last picture that is taken for as long, and in MPEG-TS sound begins before
 * the picture by what its encoder holds back: two pictures.
 */
const sameSeconds = (master: Master) =>
  Math.max(0.125, ...shown(master).map(({ frameRate = 30 }) => 0.03 + 2 / frameRate));

export const masterRules: readonly Rule<Master>[] = [
  {
    rule: "RFC 8216 4.3.4.1.1: names are unique in their group",
    broken: (master) =>
      groupsOf(master).flatMap(([group, of]) => (new Set(of.map(({ name }) => name)).size < of.length ? [group] : [])),
  },
  {
    rule: "RFC 8216 4.3.4.1.1: at most one of a group is the default",
    broken: (master) =>
      groupsOf(master).flatMap(([group, of]) => (of.filter(({ isDefault }) => isDefault).length > 1 ? [group] : [])),
  },
  {
    rule: "RFC 8216bis 4.4.6.1: sounds say their CHANNELS",
    broken: (master) =>
      renditionsOf(master).flatMap(({ type, channels, name }) => (type === "AUDIO" && !channels ? [name] : [])),
  },
  {
    rule: "RFC 8216 4.3.4.2: CLOSED-CAPTIONS is NONE for all variants, or names a group for all",
    broken: (master) => {
      const said = variantTags(master).map((line) => /[:,]CLOSED-CAPTIONS=(NONE|"[^"]+")/.exec(line)?.[1]);
      return new Set(said).size > 1 || said.includes(undefined) ? ["the master playlist"] : [];
    },
  },
  {
    rule: "Apple 1.10: parameter sets stand in the sample description",
    broken: (master) => without(shown(master), ({ codecs }) => !/\b(avc3|hev1)\b/.test(codecs ?? "")),
  },
  {
    rule: "Apple 1.19: no more than 60 frames a second",
    broken: (master) => without(shown(master), ({ frameRate }) => (frameRate ?? 0) <= 60),
  },
  {
    rule: "Apple 1.33: all variants have one aspect ratio",
    broken: (master) => {
      const ratios = shown(master).flatMap(({ resolution }) =>
        resolution ? [resolution.width / resolution.height] : [],
      );
      // Sides are even, which is a percent or two of a small one.
      return Math.max(...ratios) / Math.min(...ratios) > 1.05 ? ["the master playlist"] : [];
    },
  },
  {
    rule: "Apple 5.5: subtitles last as long as the picture",
    broken: (master) =>
      shown(master).flatMap(({ uri, subtitles }) => {
        const picture = master.mediaOf(uri);
        const texts = subtitles.flatMap((one) => (one.uri === undefined ? [] : (master.mediaOf(one.uri) ?? [])));
        return texts
          .filter((one) => picture && secondsOf(one) < secondsOf(picture) - sameSeconds(master))
          .map(({ name }) => name);
      }),
  },
  {
    rule: "Apple 6.1: there are playlists of keyframes",
    broken: (master) => (iframes(master).length > 0 ? [] : ["the master playlist"]),
  },
  {
    rule: "Apple 8.2: pictures and sound have one target duration",
    broken: (master) =>
      new Set(mediaIn(master).map(({ list }) => list.targetDuration)).size > 1 ? ["the master playlist"] : [],
  },
  {
    rule: "Apple 8.3: pictures and sound last equally long",
    broken: (master) => {
      const lengths = mediaIn(master).map(secondsOf);
      return Math.max(...lengths) - Math.min(...lengths) > sameSeconds(master) ? [lengths.join(", ")] : [];
    },
  },
  {
    rule: "Apple 8.10: renditions say their LANGUAGE",
    broken: (master) => renditionsOf(master).flatMap(({ language, name }) => (language ? [] : [name])),
  },
  { rule: "Apple 9.1: variants say their CODECS", broken: (master) => without(shown(master), ({ codecs }) => codecs) },
  {
    rule: "Apple 9.2: variants say their RESOLUTION",
    broken: (master) => without(shown(master), ({ resolution }) => resolution),
  },
  {
    rule: "Apple 9.3: playlists of keyframes say their CODECS",
    broken: (master) => without(iframes(master), ({ codecs }) => codecs),
  },
  {
    rule: "Apple 9.4: playlists of keyframes say their RESOLUTION",
    broken: (master) => without(iframes(master), ({ resolution }) => resolution),
  },
  {
    rule: "Apple 9.5: pictures and sound are separate",
    broken: (master) =>
      without(shown(master), ({ codecs, audio }) => !codecs?.includes("mp4a") || audio.some(({ uri }) => uri)),
  },
  {
    rule: "Apple 9.9: there are several bit rates",
    broken: (master) => (shown(master).length > 1 ? [] : ["the master playlist"]),
  },
  {
    rule: "Apple 9.11: it says that segments are independent",
    broken: ({ list }) => (list.independentSegments ? [] : ["the master playlist"]),
  },
  {
    rule: "Apple 9.14: variants say their AVERAGE-BANDWIDTH",
    broken: (master) => without(shown(master), ({ averageBandwidth }) => averageBandwidth),
  },
  {
    rule: "Apple 9.15: variants say their FRAME-RATE",
    broken: (master) => without(shown(master), ({ frameRate }) => frameRate),
  },
  {
    rule: "Apple 9.16: variants say their VIDEO-RANGE",
    broken: (master) => without(shown(master), ({ videoRange }) => videoRange),
  },
];
