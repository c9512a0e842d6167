import { dirname } from "node:path";
import { Fault } from "#shared/fault.ts";
import type { Argv } from "#worker/ffmpeg/argv.ts";
import { formatBytes, nameOfFormat } from "#worker/ffmpeg/name-of-format.ts";
import { runToEnd, type Spawning } from "#worker/ffmpeg/run.ts";

/** The demuxer of each kind, by what its first bytes say that it is. */
const demuxers: Readonly<Record<string, string>> = {
  "a PNG picture": "png_pipe",
  "an animated PNG (APNG)": "png_pipe",
  "a WebP picture": "webp_pipe",
  "a GIF picture": "gif",
};

/** More would take a decoder hundreds of megabytes. */
const mostPixels = 4_096 * 4_096;
const longestMs = 60_000;

/** The first picture of what was fetched as an overlay, as a PNG with alpha at `path`; returns its size. */
export async function readOverlay(
  fetched: string,
  path: string,
  field: string,
  { signal, spawn }: Spawning,
): Promise<{ width: number; height: number }> {
  const kind = nameOfFormat(await Bun.file(fetched).slice(0, formatBytes).bytes());
  const demuxer = demuxers[kind ?? ""];
  if (!demuxer) throw failed(field, `is ${kind ?? "no picture that is known"}: use a PNG, a WebP or a GIF`);
  const argv: Argv = [
    ...(["ffmpeg", "-hide_banner", "-nostdin", "-y", "-v", "level+error", "-protocol_whitelist", "file"] as const),
    ...["-format_whitelist", demuxer, "-max_pixels", String(mostPixels), "-f", demuxer, "-i", `file:${fetched}`],
    ...["-map", "0:v:0", "-frames:v", "1", "-vf", "format=rgba", "-c:v", "png", "-f", "image2", "-update", "1", path],
  ];
  const { ended } = await runToEnd(spawn, { argv, signal, reads: [fetched], writes: [dirname(path)], longestMs });
  const size = ended.exitCode === 0 ? await sizeOfPng(path) : undefined;
  if (!size) throw failed(field, `cannot be read as ${kind}, or has more than ${mostPixels} pixels`);
  return size;
}

const failed = (field: string, words: string) => new Fault("source_failed", `${field} ${words}`);

/** By the header of a PNG that ffmpeg wrote (PNG specification, 11.2.1). */
async function sizeOfPng(path: string): Promise<{ width: number; height: number } | undefined> {
  const head = Buffer.from(await Bun.file(path).slice(0, 24).arrayBuffer());
  return head.length === 24 ? { width: head.readUInt32BE(16), height: head.readUInt32BE(20) } : undefined;
}
