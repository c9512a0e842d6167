import { join } from "node:path";
import type { OutputFacts } from "#shared/job/output-facts.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { languagesIn } from "#worker/manifests/languages.ts";
import { type Known, measureTrack } from "#worker/manifests/measured-track.ts";
import { type Track, tracksOf } from "#worker/manifests/tracks.ts";
import { languageOf } from "#worker/plan/language.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { type InitTrack, initTracks } from "#worker/verify/fragments.ts";
import type { FilesByName } from "#worker/verify/output-file.ts";
import { joined, type SegmentTrack } from "#worker/verify/segment-track.ts";
import { frameRateOf } from "./frame-rate.ts";
import { rounded } from "./rounded.ts";
import { bitRateSeries } from "./series.ts";
import { hdrOf } from "./source.ts";

type Rendition = OutputFacts["renditions"][number];
type Heads = ReadonlyMap<string, Uint8Array>;

// An init segment is some kilobytes long; one that is a file with all segments begins with them.
const headBytes = 2 ** 16;

/** What a player may choose of an output of segments: media that two entries name are told once. */
export async function segmentedRenditions({ entries, outputDir }: Plan, files: FilesByName): Promise<Rendition[]> {
  const told = new Set<string | undefined>();
  const renditions: Rendition[] = [];
  for (const entry of entries) {
    const tracks = tracksOf(entry, (name) => files.get(name)?.text);
    const heads = await headsOf(tracks, outputDir);
    const languages = languagesIn(entry, files.get(entry)?.text ?? "");
    // A manifest beside playlists names the same texts whole.
    const isNew = ({ segments: [first] }: Track) =>
      first !== undefined && !told.has(first.name) && (entry === entries[0] || !isText(first.name));
    for (const track of tracks.filter(isNew)) {
      told.add(track.segments[0]?.name);
      const spoken = probesOf(track, files).flatMap(({ audio }) => audio)[0]?.language;
      const language = languages.get(track.name) ?? languageOf(spoken)?.tag;
      renditions.push(renditionOf(pathOf(entry, track), track, { files, heads, language }));
    }
  }
  return renditions;
}

async function headsOf(tracks: readonly Track[], dir: string): Promise<Heads> {
  const heads = new Map<string, Uint8Array>();
  for (const { init } of tracks) {
    if (init !== undefined) heads.set(init, await Bun.file(join(dir, init)).slice(0, headBytes).bytes());
  }
  return heads;
}

/** A representation has no file of its own that a player could open. */
const pathOf = (entry: string, { name }: Track) =>
  entry.endsWith(".mpd") ? `${entry}#${name.replace(/^representation /, "")}` : name;

type Sources = { files: FilesByName; heads: Heads; language: string | undefined };

function renditionOf(path: string, track: Track, { files, heads, language }: Sources): Rendition {
  const known: Known = {
    sizeOf: (name) => files.get(name)?.bytes,
    headOf: (name) => heads.get(name),
    contentsOf: (name) => files.get(name)?.contents,
  };
  const { rates, codecs } = measureTrack(track, known);
  const { kind, ...picture } = seen(track, files, heads);
  const init =
    track.init === undefined || track.segments.some(({ name }) => name === track.init) ? undefined : track.init;
  const sized = track.segments.map(({ name, seconds, bytes = known.sizeOf(name) ?? 0 }) => ({ bytes, seconds }));
  const tag = languageOf(language)?.tag ?? language?.slice(0, 100);
  return {
    ...{ path, kind },
    ...(codecs && { codecs: [...new Set(codecs)].join(",") }),
    ...picture,
    ...(tag && { language: tag }),
    ...(rates && { durationSeconds: rounded(rates.seconds) }),
    bytes: sized.reduce((sum, { bytes }) => sum + bytes, known.sizeOf(init ?? "") ?? 0),
    ...(rates && { averageBitRate: Math.round(rates.average), peakBitRate: Math.round(rates.peak) }),
    segments: track.segments.length,
    bitRates: bitRateSeries(sized),
  };
}

const isText = (name: string | undefined) => name?.endsWith(".vtt") === true;

type Seen = Pick<Rendition, "kind" | "width" | "height" | "frameRate" | "hdr">;

/** What a track shows, as its segments and its init segment tell it. */
function seen(track: Track, files: FilesByName, heads: Heads): Seen {
  if (isText(track.segments[0]?.name)) return { kind: "subtitles" };
  const tracks = initTracks(heads.get(track.init ?? "") ?? new Uint8Array());
  const kinds = new Set(kindsIn(track, tracks, files));
  if (kinds.has("audio") && !kinds.has("video")) return { kind: "audio" };
  const found = pictures(track, tracks, files);
  const timescale = tracks.find(({ kind }) => kind === "video")?.timescale ?? 90_000;
  const video = videoIn(track, files);
  const hdr = video && hdrOf(video);
  const picture = { ...sizeOf(track, found, files), ...rateOf(track, found, { timescale, files }) };
  return { kind: "video", ...picture, ...(hdr && { hdr }) };
}

/** All that an init segment, a segment or ffprobe names. */
function kindsIn(track: Track, tracks: readonly InitTrack[], files: FilesByName) {
  const probes = probesOf(track, files);
  return [
    ...tracks.map(({ kind }) => kind),
    ...track.segments.flatMap(({ name }) => files.get(name)?.contents?.map(({ kind }) => kind) ?? []),
    ...(probes.some(({ video }) => video) ? ["video"] : []),
    ...(probes.some(({ audio }) => audio.length > 0) ? ["audio"] : []),
  ];
}

/** What ffprobe says of the init segment and of those segments that it was shown. */
const probesOf = ({ init, segments }: Track, files: FilesByName): Probe[] =>
  [...(init === undefined ? [] : [init]), ...segments.map(({ name }) => name)].flatMap(
    (name) => files.get(name)?.probe ?? [],
  );

/** The pictures in each segment. */
function pictures({ segments }: Track, tracks: readonly InitTrack[], files: FilesByName): SegmentTrack[] {
  const id = tracks.find(({ kind }) => kind === "video")?.id;
  const isIt = (one: SegmentTrack) => one.kind === "video" || (one.kind === undefined && one.id === id);
  return segments.flatMap(({ name }) => files.get(name)?.contents?.find(isIt) ?? []);
}

const videoIn = (track: Track, files: FilesByName) => probesOf(track, files).find(({ video }) => video)?.video;

function sizeOf(track: Track, found: readonly SegmentTrack[], files: FilesByName) {
  const { width, height } = found.find(({ size }) => size)?.size ?? videoIn(track, files) ?? {};
  return { ...(width && { width }), ...(height && { height }) };
}

/** From the first picture to the last; where the segments were not read, as ffprobe sees it. */
function rateOf(
  track: Track,
  found: readonly SegmentTrack[],
  { timescale, files }: { timescale: number; files: FilesByName },
): { frameRate?: number } {
  const [first, ...others] = found;
  const whole = first && others.reduce(joined, first);
  const seconds = whole ? (whole.lastShown - whole.firstShown) / timescale : 0;
  if (whole && seconds > 0) return { frameRate: rounded((whole.count - 1) / seconds) };
  const video = videoIn(track, files);
  const frameRate = video && frameRateOf(video);
  return frameRate === undefined ? {} : { frameRate };
}
