import { type CaptionChannel, holdsMarker } from "#worker/captions/channels.ts";
import { readChannels } from "#worker/captions/read.ts";
import { inputAllowlist } from "./input-allowlist.ts";
import { matroskaTracks } from "./matroska.ts";
import type { Probe } from "./media.ts";
import { run, type Spawn } from "./run.ts";

/** Captions that begin later than this into a source are not found. */
const lookedAt = 600;

/** For each codec what leaves nothing but the units that may hold captions, and the format to write them in. */
const units: Readonly<Record<string, { filter: string; format: string }>> = {
  h264: { filter: "h264_mp4toannexb,filter_units=pass_types=6", format: "h264" },
  hevc: { filter: "hevc_mp4toannexb,filter_units=pass_types=39", format: "hevc" },
  mpeg2video: { filter: "filter_units=pass_types=178", format: "mpeg2video" },
};

/** To read more than this takes longer than to start a process. */
const mostBytes = 64 * 2 ** 20;

/** Whether each picture of a file lies there in one piece, as its encoder has written it. */
const isInOnePiece = async (format: string, path: string) =>
  /mov|mp4/.test(format) || (format.includes("matroska") && (await matroskaTracks(path))?.arePlain === true);

/** Whether the bytes that come before captions are nowhere in a file. */
async function isWithoutCaptions(format: string, path: string): Promise<boolean> {
  const file = Bun.file(path);
  return file.size <= mostBytes && (await isInOnePiece(format, path)) && !(await holdsMarker(file.stream()));
}

type Options = {
  signal: AbortSignal;
  spawn?: Spawn;
  timeoutMs?: number;
  /** The part in which they are looked for. Default: all of it. */
  part?: { from: number; to?: number | undefined } | undefined;
};

/**
 * The channels of the captions in the pictures of a source, which no header tells: ffprobe 5.1 knows them only once
 * frames were decoded, later ones not at all. Nothing is decoded here. Undefined where a codec holds none.
 */
export async function captionsIn(
  { format, video }: Probe,
  file: string,
  { signal, spawn = run, timeoutMs = 60_000, part: { from, to = Number.POSITIVE_INFINITY } = { from: 0 } }: Options,
): Promise<readonly CaptionChannel[] | undefined> {
  const wanted = video && units[video.codec];
  if (!wanted) return undefined;
  if (await isWithoutCaptions(format, file)) return [];
  const limit = AbortSignal.timeout(timeoutMs);
  const argv = [
    ...(["ffmpeg", "-hide_banner", "-nostdin", "-v", "fatal"] as const),
    ...[...inputAllowlist, ...(from > 0 ? ["-ss", from.toFixed(6)] : []), "-i", file],
    ...["-map", `0:${video.index}`, "-t", String(Math.min(lookedAt, to - from))],
    ...["-c", "copy", "-bsf:v", wanted.filter, "-f", wanted.format, "-"],
  ] as const;
  await using process = spawn({ argv, reads: [file], longestMs: timeoutMs, signal: AbortSignal.any([signal, limit]) });
  const captions = await readChannels(process.stdout);
  await process.ended;
  signal.throwIfAborted();
  return captions;
}
