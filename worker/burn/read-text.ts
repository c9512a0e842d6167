import { join } from "node:path";
import { fieldFault } from "#shared/fault.ts";
import { inputAllowlist } from "#worker/ffmpeg/input-allowlist.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { runToEnd, type Spawning } from "#worker/ffmpeg/run.ts";
import { nothingElse } from "#worker/plan/input.ts";
import { isText, partOf, textsOfClip } from "#worker/plan/subtitles.ts";
import { decodeText } from "#worker/subtitles/decode.ts";
import type { FetchedSubtitle } from "#worker/subtitles/fetched-subtitle.ts";
import { inUsualOrder } from "./script-lines.ts";

type Given = {
  /** The path of the source. */
  input: string;
  probe: Probe;
  /** The folder that it is written to. */
  folder: string;
  /** The field of the order that asks for it. */
  field: string;
};

/** A text as ASS, and the part of it that the output has: in seconds of what is written. */
export type WrittenText = { written: string; part: { start: number; end: number } };

/** More are no subtitles of a film, but take libass time and memory. */
const mostLines = 20_000;
const longestLine = 20_000;

const demuxers = { subrip: "srt", ass: "ass", webvtt: "webvtt" } as const;

/** Reads a text that is burned, from its file or from the source, as ASS. */
export async function readText(subtitle: FetchedSubtitle, given: Given, spawning: Spawning): Promise<WrittenText> {
  const { args, part } = inputOf(subtitle, given);
  const isScript = "path" in subtitle && subtitle.codec === "ass";
  // ffmpeg reads no other order of columns than the usual one.
  const written = isScript
    ? inUsualOrder(await Bun.file(subtitle.path).text())
    : await convertedText(subtitle, given, args, spawning);
  checkLines(written, given.field);
  return { written, part };
}

async function convertedText(
  subtitle: FetchedSubtitle,
  { folder, field, input }: Given,
  args: readonly string[],
  spawning: Spawning,
): Promise<string> {
  const path = join(folder, "read.ass");
  const { ended } = await runToEnd(spawning.spawn, {
    argv: [
      ...(["ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-y", "-v", "level+error"] as const),
      ...[...args, "-c:s", "ass", "-f", "ass", "-ignore_readorder", "1", ...nothingElse.slice(1), path],
    ],
    signal: spawning.signal,
    reads: "path" in subtitle ? [subtitle.path] : [input],
    writes: [folder],
  });
  if (ended.exitCode !== 0) throw fieldFault("source_failed", field, "cannot be read as subtitles");
  return decodeText(await Bun.file(path).bytes());
}

function checkLines(written: string, field: string) {
  const lines = written.split("\n").filter((line) => line.startsWith("Dialogue:"));
  if (lines.length > mostLines)
    throw fieldFault("source_failed", field, `has more than ${mostLines} lines to be drawn`);
  if (lines.some(({ length }) => length > longestLine))
    throw fieldFault("source_failed", field, `has a line of more than ${longestLine} characters to be drawn`);
}

function inputOf(subtitle: FetchedSubtitle, { input, probe, field }: Given) {
  const { clip, durationSeconds = Number.POSITIVE_INFINITY, inputOptions = [] } = probe;
  const start = clip?.start ?? 0;
  if ("path" in subtitle) {
    const args = ["-protocol_whitelist", "file", "-f", demuxers[subtitle.codec], "-i", `file:${subtitle.path}`];
    return { args: [...args, "-map", "0:s:0"], part: { start, end: start + durationSeconds } };
  }
  const { stream, codec } = subtitle;
  if (!isText({ codec }))
    throw fieldFault("source_failed", field, `track ${stream} is no text (${codec}), and only text can be burned in`);
  const track = probe.subtitles.find(({ index }) => index === stream);
  const ofClip = textsOfClip(input, probe, track ? [track] : []);
  const whole = [...inputAllowlist, ...inputOptions, "-sub_charenc_mode", "ignore", "-i", input];
  const part = partOf(probe);
  const cap = part ? ["-t", (part.end + 1).toFixed(3)] : [];
  return {
    args: [...(ofClip.length > 0 ? ofClip : whole), "-map", `0:${stream}`, ...cap],
    part: part ?? { start: 0, end: durationSeconds },
  };
}
