import type { MeasuredTrack } from "./measured-track.ts";
import { attributesOf } from "./playlist.ts";

/** What is measured of a playlist or representation, by its name. */
type Measured = (name: string) => MeasuredTrack;

/**
 * A master playlist whose variants say what their media are and need: the largest sums of what plays together (RFC 8216,
 * 4.3.4.2). What cannot be told of all that plays together stays as it is.
 */
export function withMeasuredVariants(master: string, measured: Measured): string {
  const lines = master.split("\n");
  const groups = groupsIn(lines);
  return lines
    .map((line, at) => {
      if (!line.startsWith(streamTag)) return line;
      const uri = lines.slice(at + 1).find((next) => next.trim() !== "" && !next.startsWith("#"));
      if (uri === undefined) return line;
      const playing = playingWith(line, uri.trim(), groups).map(({ isText, uris }) => ({
        isText,
        tracks: uris.map(measured),
      }));
      return withCodecs(withBandwidths(line, playing), playing);
    })
    .join("\n");
}

/** A DASH manifest whose representations say what they are, and what they need at most. */
export const withMeasuredRepresentations = (manifest: string, measured: Measured): string =>
  manifest.replace(/<Representation\b[^>]*>/g, (head) => {
    const { rates, codecs } = measured(`representation ${/\bid="([^"]*)"/.exec(head)?.[1] ?? ""}`);
    const rated = rates ? head.replace(/\bbandwidth="\d*"/, `bandwidth="${Math.ceil(rates.peak)}"`) : head;
    return codecs
      ? rated.replace(/\bcodecs="([^"]*)"/, (_, said: string) => `codecs="${moreExact(said, codecs)}"`)
      : rated;
  });

const streamTag = "#EXT-X-STREAM-INF:";

type Groups = ReadonlyMap<string, readonly string[]>;

/** The playlists of each group of renditions. Those whose media lie in the variants have none. */
function groupsIn(lines: readonly string[]): Groups {
  const groups = new Map<string, string[]>();
  for (const line of lines.filter((line) => line.startsWith("#EXT-X-MEDIA:"))) {
    const { URI: uri, TYPE: type = "", "GROUP-ID": id = "" } = attributesOf(line);
    const key = groupKey(type, id);
    if (uri !== undefined) groups.set(key, [...(groups.get(key) ?? []), uri]);
  }
  return groups;
}

const groupKey = (type: string, id: string) => `${type} ${id}`;

/** A variant's own playlist, and the groups of which one rendition plays with it. */
function playingWith(line: string, own: string, groups: Groups) {
  const attributes = attributesOf(line);
  const others = ["AUDIO", "VIDEO", "SUBTITLES"].map((type) => ({
    isText: type === "SUBTITLES",
    uris: groups.get(groupKey(type, attributes[type] ?? "")) ?? [],
  }));
  return [{ isText: false, uris: [own] }, ...others.filter(({ uris }) => uris.length > 0)];
}

type Playing = readonly { isText: boolean; tracks: readonly MeasuredTrack[] }[];

function withBandwidths(line: string, playing: Playing): string {
  const sums = { peak: 0, average: 0 };
  for (const { tracks } of playing) {
    const known = tracks.flatMap(({ rates }) => rates ?? []);
    if (known.length < tracks.length) return line;
    sums.peak += Math.max(...known.map(({ peak }) => peak));
    sums.average += Math.max(...known.map(({ average }) => average));
  }
  const rest = line.slice(streamTag.length).replace(/(^|,)(AVERAGE-)?BANDWIDTH=\d+/g, "");
  const said = `BANDWIDTH=${Math.ceil(sums.peak)},AVERAGE-BANDWIDTH=${Math.ceil(sums.average)}`;
  return `${streamTag}${said}${rest === "" || rest.startsWith(",") ? "" : ","}${rest}`;
}

/** Text beside the media has no codec to be named. */
function withCodecs(line: string, playing: Playing): string {
  const media = playing.flatMap(({ isText, tracks }) => (isText ? [] : tracks));
  if (media.some(({ codecs }) => !codecs)) return line;
  const codecs = [...new Set(media.flatMap(({ codecs = [] }) => codecs))];
  return line.replace(/([:,]CODECS=)"([^"]*)"/, (_, tag: string, said: string) => `${tag}"${moreExact(said, codecs)}"`);
}

/** What is said already may go on where what is measured ends, as colours do behind the depth of AV1. */
function moreExact(said: string, codecs: readonly string[]): string {
  const before = said.split(",").map((one) => one.trim());
  return codecs.map((codec) => before.find((one) => one.startsWith(`${codec}.`)) ?? codec).join(",");
}
