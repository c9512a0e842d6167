import type { Spawn } from "#worker/ffmpeg/run.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { OutputFile } from "./inspect.ts";
import { hlsTracks } from "./playlists.ts";

// Only what this process wrote is opened, and from this machine only.
const guard = [
  ...["-protocol_whitelist", "file,crypto,data"],
  ...["-format_whitelist", "hls,dash,mov,mp4,m4a,matroska,webm,mpegts,mp3,ogg,avi,flv,mpeg,mxf,wav,flac,aac"],
];

/** The files whose decoding takes in all media of an output. What is encrypted for others cannot be decoded here. */
export function decodable({ outputType, entry }: Plan, files: readonly OutputFile[]): string[] {
  if (outputType === "single") return files.filter(({ probe }) => probe).map(({ name }) => name);
  const textOf = (name: string) => files.find((file) => file.name === name)?.text;
  if (entry.endsWith(".mpd")) return [entry];
  const playlists = hlsTracks(entry, textOf).map(({ name }) => name);
  return playlists.filter((name) => !/^#EXT-X-KEY|\.vtt$/m.test(textOf(name) ?? ""));
}

/** Decodes a file to its end; what ffmpeg stumbles over is the answer. */
export async function damageOf(
  name: string,
  dir: string,
  { signal, spawn }: { signal: AbortSignal; spawn: Spawn },
): Promise<string | undefined> {
  const output = ["-map", "0", "-f", "null", "-"];
  const argv = [
    "ffmpeg",
    "-hide_banner",
    "-nostdin",
    "-v",
    "error",
    "-xerror",
    ...guard,
    "-i",
    name,
    ...output,
  ] as const;
  await using process = spawn({ argv, cwd: dir, writes: [dir], signal });
  await new Response(process.stdout).arrayBuffer();
  const { exitCode, lastLines } = await process.ended;
  signal.throwIfAborted();
  return exitCode === 0 ? undefined : (lastLines.at(-1) ?? `ffmpeg ended with exit code ${exitCode}`);
}
