import { expect } from "bun:test";
import { parse, setOptions, type types } from "hls-parser";
import { parse as parseManifest } from "mpd-parser";
import { type Track, tracksOf } from "#worker/manifests/tracks.ts";
import type { Plan } from "#worker/plan/plan.ts";

// What breaks a rule of RFC 8216 is thrown instead of being printed.
setOptions({ strictMode: true });

type Master = types.MasterPlaylist;
type Media = types.MediaPlaylist;

// It takes the 0 of a playlist that lasts less than half a second for none.
export const readPlaylist = (text: string): Master | Media =>
  parse(text.replace(/^(#EXT-X-TARGETDURATION:)0$/m, (_, tag) => `${tag}1`));
const isMaster = (list: Master | Media): list is Master => list.isMasterPlaylist;

/** The variants of a master playlist as hls-parser reads it, which is not our own hand; those of keyframes are left out. */
export function masterOf(text: string): Pick<Master, "variants"> {
  const list = readPlaylist(text);
  if (!isMaster(list)) throw new Error("not a master playlist");
  return { variants: variantsOf(list) };
}

function mediaOf(text: string): Media {
  const list = readPlaylist(text);
  if (isMaster(list)) throw new Error("not a media playlist");
  return list;
}

/** The URIs of the playlists and media that a playlist names. */
export function namedIn(text: string): string[] {
  const list = readPlaylist(text);
  if (!isMaster(list)) return list.segments.flatMap(({ uri, map }) => (map ? [uri, map.uri] : [uri]));
  return list.variants.flatMap(({ uri, audio, subtitles }) => [
    uri,
    ...[...audio, ...subtitles].flatMap((rendition) => rendition.uri ?? []),
  ]);
}

type File = { name: string; bytes: number; text?: string };

/** What a rendition of an output takes; `names` are its files in the order in which they play. */
export type Needed = ReturnType<typeof needOf> & { names: string[]; bytes: number; segments: number; seconds: number };

/** What the segments of a playlist, or of a representation of a manifest, take by the sizes of these files. */
export function neededBy(text: string, representation: string | undefined, sizes: ReadonlyMap<string, number>): Needed {
  const { segments, init, targetDuration } =
    representation === undefined ? segmentsOf(text) : representationOf(text, representation);
  const files = [...sizes].map(([name, bytes]) => ({ name, bytes }));
  const names = [...(init === undefined ? [] : [init]), ...segments.map(({ uri }) => uri)];
  return {
    ...needOf({ segments, targetDuration }, files),
    names,
    bytes: [...new Set(names)].reduce((sum, name) => sum + (sizes.get(name) ?? Number.NaN), 0),
    segments: segments.length,
    seconds: segments.reduce((sum, { duration }) => sum + duration, 0),
  };
}

function segmentsOf(text: string) {
  const { segments, targetDuration } = mediaOf(text);
  return { segments, targetDuration, init: segments[0]?.map?.uri };
}

function representationOf(text: string, id: string) {
  const found = representationsIn(text).find(({ attributes }) => attributes.NAME === id);
  if (!found) throw new Error(`no representation ${id}`);
  const { segments } = found;
  return {
    segments,
    targetDuration: Math.max(...segments.map(({ duration }) => duration)),
    init: segments[0]?.map?.uri,
  };
}

function representationsIn(text: string) {
  const { playlists, mediaGroups } = parseManifest(text, { manifestUri: "http://localhost/manifest.mpd" });
  const sounds = Object.values(mediaGroups.AUDIO["audio"] ?? {}).flatMap((group) => group.playlists);
  return [...playlists, ...sounds];
}

/** Fails unless each representation of a manifest, as mpd-parser reads it, says what its media need, within 1 %. */
function judgeManifest(text: string, files: readonly File[]) {
  for (const { attributes, segments } of representationsIn(text)) {
    const targetDuration = Math.max(...segments.map(({ duration }) => duration));
    const { peak } = needOf({ segments, targetDuration }, files);
    expect(Math.abs(attributes.BANDWIDTH / peak - 1)).toBeLessThan(0.01);
    expect(attributes.CODECS).toMatch(/^[\w-]+(\.|$)/);
  }
}

/** Fails unless hls-parser takes every playlist of an output, and reads of each track what we do. */
export function judgePlaylists({ entries }: Pick<Plan, "entries">, files: readonly File[]) {
  const textOf = (name: string) => files.find((file) => file.name === name)?.text;
  for (const entry of entries.filter((name) => name.endsWith(".mpd"))) judgeManifest(textOf(entry) ?? "", files);
  for (const entry of entries.filter((name) => name.endsWith(".m3u8"))) {
    const list = readPlaylist(textOf(entry) ?? "");
    const tracks = tracksOf(entry, textOf);
    if (isMaster(list)) checkMaster(list, tracks, files);
    for (const track of tracks) checkTrack(track, textOf(track.name) ?? "");
  }
}

/** Fails unless hls-parser reads of a track what we do. */
function checkTrack({ name, init, segments, isEnded }: Track, text: string) {
  const media = mediaOf(text);
  const found: readonly { name: string; seconds: number; bytes?: number }[] = media.segments.map(
    ({ uri, duration, byterange }) => ({
      ...{ name: uri, seconds: duration },
      ...(byterange && { bytes: byterange.length }),
    }),
  );
  expect({ name, init: media.segments[0]?.map?.uri, segments: found, isEnded: media.endlist }).toEqual({
    ...{ name, init, isEnded },
    segments: [...segments],
  });
  expect(Math.max(...found.map(({ seconds }) => Math.round(seconds)))).toBeLessThanOrEqual(media.targetDuration);
}

function checkMaster(master: Master, tracks: readonly Track[], files: readonly File[]) {
  const variants = variantsOf(master);
  const named = variants.flatMap(({ uri, audio, subtitles }) => [
    uri,
    ...[...audio, ...subtitles].map((one) => one.uri),
  ]);
  expect([...new Set(named)].filter((uri) => uri !== undefined).sort()).toEqual(tracks.map(({ name }) => name).sort());
  for (const { bandwidth, averageBandwidth = bandwidth, codecs } of variants) {
    expect(bandwidth).toBeGreaterThan(0);
    expect(averageBandwidth).toBeLessThanOrEqual(bandwidth);
    expect(codecs).toMatch(/\w/);
  }
  checkBandwidths(master, files);
  checkIframes(master, files);
}

/** Fails unless each variant says what its media need, within 1 % (RFC 8216, 4.3.4.2). */
function checkBandwidths(master: Master, files: readonly File[]) {
  const variants = variantsOf(master);
  const ratesOf = (uri = "") => needOf(mediaOf(files.find(({ name }) => name === uri)?.text ?? ""), files);
  for (const { uri, audio, subtitles, bandwidth, averageBandwidth = 0 } of variants) {
    const groups = [[{ uri }], audio, subtitles].map((group) =>
      group.flatMap((one) => (one.uri ? [ratesOf(one.uri)] : [])),
    );
    const most = (kind: "peak" | "average") =>
      groups.reduce((sum, group) => sum + Math.max(0, ...group.map((rates) => rates[kind])), 0);
    expect(Math.abs(bandwidth / most("peak") - 1)).toBeLessThan(0.01);
    expect(Math.abs(averageBandwidth / most("average") - 1)).toBeLessThan(0.01);
  }
}

const variantsOf = ({ variants }: Master) => variants.filter(({ isIFrameOnly }) => !isIFrameOnly);

/** Fails unless each playlist of keyframes names a part of each segment of its variant. */
function checkIframes({ variants }: Master, files: readonly File[]) {
  for (const { uri, bandwidth, codecs, resolution } of variants.filter(({ isIFrameOnly }) => isIFrameOnly)) {
    const media = mediaOf(files.find(({ name }) => name === uri)?.text ?? "");
    expect(media.isIFrame).toBe(true);
    for (const { uri, byterange } of media.segments) {
      const { bytes = 0 } = files.find(({ name }) => name === uri) ?? {};
      expect(byterange?.offset).toBe(0);
      expect(byterange?.length ?? 0).toBeGreaterThan(0);
      expect(byterange?.length ?? 0).toBeLessThanOrEqual(bytes);
    }
    const { peak } = needOf(media, files);
    expect(Math.abs(bandwidth / peak - 1)).toBeLessThan(0.01);
    expect(codecs).toMatch(/^(avc1|hvc1)\.[\w.]+$/);
    expect(resolution?.width).toBeGreaterThan(0);
  }
}

type Timed = {
  segments: readonly { uri: string; duration: number; byterange?: { length: number } }[];
  targetDuration: number;
};

/** The average and the peak segment bit rate of a media playlist in bits per second (RFC 8216, 4.1). */
function needOf({ segments, targetDuration }: Timed, files: readonly File[]) {
  const bits = segments.map(
    ({ uri, byterange }) => 8 * (byterange?.length ?? files.find(({ name }) => name === uri)?.bytes ?? Number.NaN),
  );
  const seconds = segments.map(({ duration }) => duration);
  const total = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0);
  const runs = segments.flatMap((_, from) =>
    segments.slice(from).map((_, more) => {
      const [lasts, holds] = [seconds, bits].map((list) => total(list.slice(from, from + more + 1)));
      return { lasts: lasts ?? 0, rate: (holds ?? 0) / (lasts ?? 0) };
    }),
  );
  const counted = runs.filter(({ lasts }) => lasts >= targetDuration / 2 && lasts <= targetDuration * 1.5);
  const average = total(bits) / total(seconds);
  return { average, peak: Math.max(average, ...counted.map(({ rate }) => rate)) };
}
