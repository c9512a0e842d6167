import { invalidField } from "#shared/fault.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { rolesOf } from "#worker/ffmpeg/role.ts";
import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { languageOf } from "./language.ts";

/** A source of which those sounds are left that its preset names, in that order. What it does not have is a Fault. */
export function withTracks(preset: Preset, probe: Probe): Probe {
  const tracks = "ffmpeg_args" in preset ? undefined : preset.audio?.tracks;
  // Of joined sources the main sound of each is taken, and no other can be asked for.
  if (!tracks || probe.joined) return probe;
  const named = tracks.map((wanted, at) => {
    const found = probe.audio.find(typeof wanted === "number" ? isNumber(wanted) : speaks(wanted));
    if (!found) throw invalidField(`audio.tracks.${at}`, problemOf(wanted, probe.audio));
    return found;
  });
  return { ...probe, audio: [...new Set(named)] };
}

const isNumber =
  (wanted: number) =>
  ({ number }: AudioStream) =>
    number === wanted;

/** The film's own sound in a language comes before those that comment or describe it. */
const speaks =
  (wanted: string) =>
  ({ language }: AudioStream) =>
    primaryOf(language) === (primaryOf(wanted) ?? wanted.toLowerCase());

/** The primary language, in which `en-GB`, `eng` and `en` are the same; undefined where it is none. */
const primaryOf = (tag: string | undefined) => languageOf(tag?.split(/[-_]/)[0])?.tag;

function problemOf(wanted: number | string, audio: readonly AudioStream[]): string {
  const what = typeof wanted === "number" ? `has no sound number ${wanted}` : `has no sound in "${wanted}"`;
  if (audio.length === 0) return "the source has no sound";
  const all = audio.toSorted((one, other) => one.index - other.index).map(wordsOf);
  return `the source ${what}: it has ${all.join(", ")}`;
}

const wordsOf = (track: AudioStream) =>
  [
    `number ${track.number ?? 0}`,
    `(${[primaryOf(track.language) ?? "no language", ...rolesOf(track, "audio")].join(", ")})`,
  ].join(" ");
