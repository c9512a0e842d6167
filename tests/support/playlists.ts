import { expect } from "bun:test";
import { parse, setOptions, type types } from "hls-parser";
import { tracksOf } from "#worker/manifests/tracks.ts";
import type { Plan } from "#worker/plan/plan.ts";

// What breaks a rule of RFC 8216 is thrown instead of being printed.
setOptions({ strictMode: true });

type Master = types.MasterPlaylist;
type Media = types.MediaPlaylist;

// It takes the 0 of a playlist that lasts less than half a second for none.
const read = (text: string) => parse(text.replace(/^(#EXT-X-TARGETDURATION:)0$/m, (_, tag) => `${tag}1`));
const isMaster = (list: Master | Media): list is Master => list.isMasterPlaylist;

/** A master playlist as hls-parser reads it, which is not our own hand. */
export function masterOf(text: string): Master {
  const list = read(text);
  if (!isMaster(list)) throw new Error("not a master playlist");
  return list;
}

function mediaOf(text: string): Media {
  const list = read(text);
  if (isMaster(list)) throw new Error("not a media playlist");
  return list;
}

/** The URIs of the playlists and media that a playlist names. */
export function namedIn(text: string): string[] {
  const list = read(text);
  if (!isMaster(list)) return list.segments.flatMap(({ uri, map }) => (map ? [uri, map.uri] : [uri]));
  return list.variants.flatMap(({ uri, audio, subtitles }) => [
    uri,
    ...[...audio, ...subtitles].flatMap((rendition) => rendition.uri ?? []),
  ]);
}

type File = { name: string; text?: string };

/** Fails unless hls-parser takes every playlist of an output, and reads of each track what we do. */
export function judgePlaylists({ entries }: Pick<Plan, "entries">, files: readonly File[]) {
  const textOf = (name: string) => files.find((file) => file.name === name)?.text;
  for (const entry of entries.filter((name) => name.endsWith(".m3u8"))) {
    const list = read(textOf(entry) ?? "");
    const tracks = tracksOf(entry, textOf);
    if (isMaster(list))
      checkMaster(
        list,
        tracks.map(({ name }) => name),
      );
    for (const { name, init, segments, isEnded } of tracks) {
      const media = mediaOf(textOf(name) ?? "");
      const found = media.segments.map(({ uri, duration }) => ({ name: uri, seconds: duration }));
      expect({ name, init: media.segments[0]?.map?.uri, segments: found, isEnded: media.endlist }).toEqual({
        ...{ name, init, isEnded },
        segments: [...segments],
      });
      expect(Math.max(...found.map(({ seconds }) => Math.round(seconds)))).toBeLessThanOrEqual(media.targetDuration);
    }
  }
}

function checkMaster({ variants }: Master, tracks: readonly string[]) {
  const named = variants.flatMap(({ uri, audio, subtitles }) => [
    uri,
    ...[...audio, ...subtitles].map((one) => one.uri),
  ]);
  expect([...new Set(named)].filter((uri) => uri !== undefined).sort()).toEqual([...tracks].sort());
  for (const { bandwidth, averageBandwidth = bandwidth, codecs } of variants) {
    expect(bandwidth).toBeGreaterThan(0);
    expect(averageBandwidth).toBeLessThanOrEqual(bandwidth);
    expect(codecs).toMatch(/\w/);
  }
}
