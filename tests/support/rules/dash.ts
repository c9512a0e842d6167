import { type Element, parse, stringToMpdXml } from "mpd-parser";
import { type File, missing, type Rule, sum } from "./rule.ts";

/** A manifest as mpd-parser reads it, which is not our own hand. */
export type Manifest = { root: Element; text: string; files: readonly File[] };

export const manifestOf = (text: string, files: readonly File[]): Manifest => ({
  root: stringToMpdXml(text),
  text,
  files,
});

const within = (element: Element, name: string) => Array.from(element.getElementsByTagName(name));
const setsIn = ({ root }: Manifest) => within(root, "AdaptationSet");

/** Sets or representations of a kind that do not have one of each of these attributes, here or in `above`. */
function lacking(elements: readonly Element[], names: readonly string[], above?: (element: Element) => Element) {
  const has = (element: Element, name: string) => name.split("|").some((one) => element.hasAttribute(one));
  return elements.flatMap((element) =>
    names
      .filter((name) => !(has(element, name) || (above && has(above(element), name))))
      .map((name) => `${element.tagName} ${element.getAttribute("id")}: ${name}`),
  );
}

const ofKind = (manifest: Manifest, kind: string) =>
  setsIn(manifest).filter((set) => set.getAttribute("contentType") === kind);
const representationsIn = (sets: readonly Element[]) => sets.flatMap((set) => within(set, "Representation"));

const seconds = (text: string | null) => {
  const [, hours = 0, minutes = 0, rest = 0] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(text ?? "") ?? [];
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest);
};

function tracksIn({ text }: Manifest) {
  const { playlists, mediaGroups } = parse(text, { manifestUri: "http://localhost/manifest.mpd" });
  const sounds = Object.values(mediaGroups.AUDIO["audio"] ?? {}).flatMap((group) => group.playlists);
  return { pictures: playlists, all: [...playlists, ...sounds] };
}

const startsOf = (segments: readonly { duration: number }[]) =>
  segments.map((_, at) => sum(segments.slice(0, at).map(({ duration }) => duration)));

export const dashRules: readonly Rule<Manifest>[] = [
  {
    rule: "ISO/IEC 23009-1 5.3.1.2: the attributes of an MPD",
    broken: ({ root }) => lacking([root], ["profiles", "type", "mediaPresentationDuration", "minBufferTime"]),
  },
  {
    rule: "ISO/IEC 23009-1 5.3.5.2: representations have an ID of their own, a codec and a type",
    broken: (manifest) => {
      const all = representationsIn(setsIn(manifest));
      const ids = all.map((one) => one.getAttribute("id"));
      return [...lacking(all, ["bandwidth", "codecs", "mimeType"]), ...(new Set(ids).size < ids.length ? ["IDs"] : [])];
    },
  },
  {
    rule: "ISO/IEC 23009-1 5.3.9: each segment is there",
    broken: (manifest) =>
      missing(
        tracksIn(manifest).all.flatMap(({ segments }) => segments.map(({ uri }) => uri)),
        manifest.files,
      ),
  },
  {
    rule: "ISO/IEC 23009-1 5.8.5.5: sets say their Role",
    broken: (manifest) =>
      setsIn(manifest).flatMap((set) => (within(set, "Role").length > 0 ? [] : [`set ${set.getAttribute("id")}`])),
  },
  {
    rule: "IOP 3.2.2: sets say their kind, and switching is possible within them",
    broken: (manifest) =>
      lacking(setsIn(manifest), ["contentType", "segmentAlignment|bitstreamSwitching", "startWithSAP"]),
  },
  {
    rule: "IOP 3.2.4: sets of pictures say their size, rate and shape",
    broken: (manifest) =>
      lacking(ofKind(manifest, "video"), ["maxWidth|width", "maxHeight|height", "maxFrameRate|frameRate", "par"]),
  },
  {
    rule: "IOP 3.2.4: representations of pictures say theirs",
    broken: (manifest) =>
      ofKind(manifest, "video").flatMap((set) =>
        lacking(representationsIn([set]), ["width", "height", "frameRate", "sar"], () => set),
      ),
  },
  {
    rule: "IOP 3.2.4: sets of sound say their language",
    broken: (manifest) => lacking(ofKind(manifest, "audio"), ["lang"]),
  },
  {
    rule: "IOP 3.2.4: representations of sound say their rate and channels",
    broken: (manifest) => {
      const sounds = representationsIn(ofKind(manifest, "audio"));
      const silent = sounds.filter((one) => within(one, "AudioChannelConfiguration").length === 0);
      return [
        ...lacking(sounds, ["audioSamplingRate"]),
        ...silent.map((one) => `channels of ${one.getAttribute("id")}`),
      ];
    },
  },
  {
    rule: "IOP 3.2.7.1: segments are as long as their average, by half of it",
    broken: (manifest) =>
      tracksIn(manifest).all.flatMap(({ segments }) => {
        // The last one may be shorter.
        const whole = segments.slice(0, -1);
        const average = sum(whole.map(({ duration }) => duration)) / whole.length;
        return whole.filter(({ duration }) => Math.abs(duration / average - 1) > 0.5).map(({ uri }) => uri);
      }),
  },
  {
    rule: "ISO/IEC 23009-1 5.3.3.2: segments of a set are aligned",
    broken: (manifest) => {
      const [first, ...others] = tracksIn(manifest).pictures.map(({ segments }) => startsOf(segments));
      return others.flatMap((starts, at) =>
        starts.length !== first?.length || starts.some((start, index) => Math.abs(start - (first[index] ?? 0)) > 0.001)
          ? [`picture ${at + 1}`]
          : [],
      );
    },
  },
  {
    rule: "ISO/IEC 23009-1 5.3.1.2: the presentation ends with its last segment",
    broken: (manifest) => {
      const ends = tracksIn(manifest).all.map(({ segments }) => sum(segments.map(({ duration }) => duration)));
      const stated = seconds(manifest.root.getAttribute("mediaPresentationDuration"));
      return Math.abs(Math.max(...ends) - stated) > 0.01 ? [`${stated} s`] : [];
    },
  },
];
