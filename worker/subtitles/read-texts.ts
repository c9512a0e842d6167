import { constants } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import type { Argv } from "#worker/ffmpeg/argv.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { runToEnd, type Spawning } from "#worker/ffmpeg/run.ts";
import type { SubtitleStream } from "#worker/ffmpeg/streams.ts";
import { extraction, isText, mostTextBytes, partOf } from "#worker/plan/subtitles.ts";
import { assToWebvtt } from "./convert.ts";
import { decodeText } from "./decode.ts";
import { type Span, webvttPart } from "./segments.ts";

/** Subtitles whose text is wanted. */
export type Wanted = {
  /** Which of the order's they are, from 0. */
  at: number;
  /** A file of ours, or a stream of the source. */
  from: { path: string; codec: string } | { stream: number; codec: string };
  /** The stream, where they are one. */
  stream?: SubtitleStream;
};

type Source = { probe: Probe; input: string; dir: string };

/** What is shown of each in the film, as WebVTT that counts from the film's beginning, by its number in the order. */
export async function readTexts(
  wanted: readonly Wanted[],
  source: Source,
  spawning: Spawning,
): Promise<Map<number, string>> {
  const files = await textsOfFiles(wanted, source, spawning);
  return new Map([...files, ...(await textsOfTracks(wanted, source, spawning))]);
}

type Texts = (readonly [at: number, text: string])[];

/** Which part of a source its film is, by the clock of players. */
const spanOf = ({ clip: { start } = { start: 0, sourceSeconds: 0 }, durationSeconds = 0 }: Probe): Span => ({
  ...{ start, end: start + durationSeconds },
});

async function textsOfFiles(wanted: readonly Wanted[], { probe, dir }: Source, spawning: Spawning): Promise<Texts> {
  const texts: Texts = [];
  for (const { at, from } of wanted) {
    if ("stream" in from) continue;
    const { path, codec } = from;
    const text = codec === "webvtt" ? await readFile(path, "utf8") : await scriptOf({ path, codec, at, dir }, spawning);
    if (noCue(text)) throw failed(at, "hold no text that is shown at any time");
    texts.push([at, webvttOf(text, codec, spanOf(probe))]);
  }
  return texts;
}

async function textsOfTracks(
  wanted: readonly Wanted[],
  { probe, input, dir }: Source,
  { spawn, signal }: Spawning,
): Promise<Texts> {
  const tracks = wanted.flatMap(({ stream, at }) => (stream ? [{ stream, at }] : []));
  const [first] = tracks;
  if (!first) return [];
  for (const { stream, at } of tracks) if (!isText(stream)) throw failed(at, pictures(stream));
  const folder = join(dir, "source");
  await mkdir(folder);
  const streams = tracks.map(({ stream }) => stream);
  const { args, names } = extraction(streams, probe, { input, outputDir: folder });
  const argv: Argv = ["ffmpeg", ...args];
  const { ended } = await runToEnd(spawn, { argv, signal, reads: [input], writes: [folder] });
  if (ended.exitCode !== 0) throw failed(first.at, "cannot be read from the source");
  const texts = tracks.map(async ({ stream, at }, order) => {
    const text = await readWritten(join(folder, names[order] ?? ""), at);
    return [at, webvttOf(text, stream.codec, partOf(probe) ?? spanOf(probe))] as const;
  });
  return Promise.all(texts);
}

const webvttOf = (text: string, codec: string, part: Span) =>
  codec === "webvtt" ? webvttPart(text, part) : assToWebvtt(text, codec, part);

const noCue = (text: string) => !text.includes("-->") && !text.includes("Dialogue:");

const pictures = ({ codec }: SubtitleStream) =>
  codec === "unknown"
    ? "are a track whose format ffmpeg cannot read"
    : `are a track of ${codec}, which is no text: use mode burn, or a file of text by url`;

type TextFile = { path: string; codec: string; at: number; dir: string };

const demuxers: Readonly<Record<string, string>> = { subrip: "srt", ass: "ass" };

/** The ASS that ffmpeg makes of a file: what it does not take of one line leaves the others as they are. */
async function scriptOf({ path, codec, at, dir }: TextFile, { spawn, signal }: Spawning): Promise<string> {
  const demuxer = demuxers[codec] ?? codec;
  const written = join(dir, `script_${at}.ass`);
  const argv: Argv = [
    ...(["ffmpeg", "-hide_banner", "-nostdin", "-y", "-v", "level+error", "-protocol_whitelist", "file"] as const),
    ...["-format_whitelist", demuxer, "-f", demuxer, "-i", `file:${path}`],
    ...["-map", "0:s:0", "-c:s", "ass", "-f", "ass", "-ignore_readorder", "1", written],
  ];
  const { ended } = await runToEnd(spawn, { argv, signal, reads: [path], writes: [dir], longestMs });
  if (ended.exitCode !== 0) throw failed(at, `cannot be read as ${codec === "ass" ? "ASS" : "SubRip"}`);
  return readWritten(written, at);
}

const longestMs = 60_000;

async function readWritten(path: string, at: number): Promise<string> {
  // A link that a hostile text made ffmpeg leave would lead out of its sandbox.
  const opened = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  if (!opened) throw failed(at, "cannot be read by ffmpeg");
  await using file = opened;
  const { size } = await file.stat();
  if (size > mostTextBytes) throw failed(at, `hold more than ${mostTextBytes / 2 ** 20} MiB of text`);
  return decodeText(await file.readFile());
}

const failed = (at: number, words: string) => new Fault("source_failed", `subtitles.${at} ${words}`);
