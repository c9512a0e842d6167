import type { Argv } from "#worker/ffmpeg/argv.ts";
import { howItEnded } from "#worker/ffmpeg/ending.ts";
import { runToEnd, type Spawning } from "#worker/ffmpeg/run.ts";
import { type Track, tracksOf } from "#worker/manifests/tracks.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { OutputFile } from "./output-file.ts";

/** Something that is decoded in one go: a file, or a run of segments as one stream. */
export type Decodable = {
  /** The file or the track, for people. */
  name: string;
  /** The options of the input, and the input. */
  input: readonly string[];
};

// Only what this process wrote is opened, and from this machine only.
export const outputGuard = [
  ...["-protocol_whitelist", "file,concat"],
  ...["-format_whitelist", "mov,mp4,m4a,matroska,webm,mpegts,mp3,ogg,avi,flv,mpeg,mxf,wav,flac,aac"],
];

// An argument may have 128 KiB.
const mostSegments = 2_000;

/**
 * What takes in all media of an output. Segments are put together as they are: not every ffmpeg reads DASH, before 7.1
 * it stops at the end of the shortest track, and a short segment alone is too little to know its container by. What is
 * encrypted for others cannot be decoded here.
 */
export function decodable({ outputType, entries }: Plan, files: readonly OutputFile[]): Decodable[] {
  if (outputType === "single") {
    return files.flatMap(({ name, probe }) => (probe ? [{ name, input: ["-i", `file:${name}`] }] : []));
  }
  const textOf = (name: string) => files.find((file) => file.name === name)?.text;
  // Beside the playlist of a single rendition a master playlist names other sounds, too.
  const [most = []] = entries.map((entry) => tracksOf(entry, textOf)).sort((a, b) => b.length - a.length);
  const tracks = most.filter(({ isEncrypted }) => !isEncrypted);
  return tracks.filter(({ segments }) => !segments.some(({ name }) => name.endsWith(".vtt"))).flatMap(runsOf);
}

/** A track as runs of so many segments as one opening takes. */
export function runsOf({ name, init, segments }: Track): Decodable[] {
  const names = [...new Set(segments.map((segment) => segment.name))];
  const runs = Array.from({ length: Math.ceil(names.length / mostSegments) }, (_, at) =>
    names.slice(at * mostSegments, (at + 1) * mostSegments),
  );
  return runs.map((run) => {
    const whole = `concat:${[...(init === undefined ? [] : [init]), ...run].join("|")}`;
    return { name, input: [...(names[0]?.endsWith(".ts") ? ["-f", "mpegts"] : []), "-i", whole] };
  });
}

/** Decodes something to its end; what ffmpeg stumbles over is the answer. */
export async function damageOf({ input }: Decodable, dir: string, { signal, spawn }: Spawning) {
  const argv: Argv = [
    "ffmpeg",
    ...["-hide_banner", "-nostdin", "-v", "error", "-xerror", ...outputGuard, ...input, "-map", "0", "-f", "null", "-"],
  ];
  const { ended } = await runToEnd(spawn, { argv, cwd: dir, writes: [dir], signal });
  return ended.exitCode === 0 ? undefined : (ended.lastLines.at(-1) ?? `ffmpeg ${howItEnded(ended)}`);
}
