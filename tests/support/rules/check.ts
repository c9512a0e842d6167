import { expect } from "bun:test";
import { readPlaylist } from "#tests/support/playlists.ts";
import { dashRules, manifestOf } from "./dash.ts";
import { explained } from "./explained.ts";
import { masterRules } from "./hls-master.ts";
import { iframeRules, type Media, mediaRules } from "./hls-media.ts";
import { type File, type Violation, violationsOf } from "./rule.ts";

/** What a complete output breaks of what the specifications of its manifests say. */
export function violationsIn(entries: readonly string[], files: readonly File[]): Violation[] {
  const textOf = (name: string) => files.find((file) => file.name === name)?.text ?? "";
  return entries.flatMap((entry) =>
    entry.endsWith(".mpd")
      ? violationsOf(dashRules, manifestOf(textOf(entry), files))
      : hlsViolations(entry, textOf, files),
  );
}

function hlsViolations(entry: string, textOf: (name: string) => string, files: readonly File[]): Violation[] {
  const list = readPlaylist(textOf(entry));
  if (!list.isMasterPlaylist) return violationsOf(mediaRules, { name: entry, list, files });
  const mediaOf = (name: string): Media | undefined => {
    const list = readPlaylist(textOf(name));
    return list.isMasterPlaylist ? undefined : { name, list, files };
  };
  const iframes = list.variants.flatMap(({ uri, isIFrameOnly }) => (isIFrameOnly ? (mediaOf(uri) ?? []) : []));
  const uris = list.variants.flatMap(({ uri, audio, subtitles, isIFrameOnly }) =>
    isIFrameOnly ? [] : [uri, ...[...audio, ...subtitles].flatMap((one) => one.uri ?? [])],
  );
  return [
    ...violationsOf(masterRules, { list, text: textOf(entry), mediaOf }),
    ...[...new Set(uris)].flatMap((uri) => mediaOf(uri) ?? []).flatMap((media) => violationsOf(mediaRules, media)),
    ...iframes.flatMap((media) => [...violationsOf(mediaRules, media), ...violationsOf(iframeRules, media)]),
  ];
}

/** Fails unless all that an output breaks is explained in docs/presets.md. */
export function checkRules(entries: readonly string[], files: readonly File[]) {
  const isExplained = ({ rule }: Violation) =>
    explained.some((one) => rule.startsWith(one.rule) && one.holds(entries, files));
  expect(violationsIn(entries, files).filter((one) => !isExplained(one))).toEqual([]);
}
