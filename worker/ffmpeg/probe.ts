import { Fault } from "#shared/fault.ts";
import { scrub } from "#shared/scrub.ts";
import { checkStarted, howItEnded } from "./ending.ts";
import { parseProbe, probeQueryWith } from "./ffprobe-report.ts";
import { inputAllowlist, mostStreams } from "./input-allowlist.ts";
import type { Probe } from "./media.ts";
import { formatBytes, nameOfFormat } from "./name-of-format.ts";
import { type Ended, run, runToEnd, type Spawn } from "./run.ts";
import { watchdog } from "./watchdog.ts";

type Options = {
  signal: AbortSignal;
  timeoutMs?: number;
  /** What ffprobe must be told before it reads this very file. */
  inputOptions?: readonly string[];
  ffprobe?: readonly [string, ...string[]];
  spawn?: Spawn;
};

/** Looks at a local file; what cannot be read as media is a `source_failed` Fault. */
export async function probe(
  file: string,
  { signal, timeoutMs = 30_000, inputOptions = [], ffprobe = ["ffprobe"], spawn = run }: Options,
): Promise<Probe> {
  using limit = watchdog(timeoutMs, () => new Fault("source_failed", "the source takes too long to examine"));
  const stopped = AbortSignal.any([signal, limit.signal]);
  const argv = [
    ...ffprobe,
    ...["-hide_banner", "-v", "warning", ...inputAllowlist, ...inputOptions, ...probeQueryWith(), file],
  ] as const;
  const command = { argv, reads: [file], longestMs: timeoutMs, signal: stopped };
  const { stdout, ended } = await runToEnd(spawn, command);
  return headerFrom(stdout.toString(), ended, file);
}

/** What ffprobe has found of a file, by what it wrote and how it ended. */
export async function headerFrom(json: string, ended: Ended, file: string): Promise<Probe> {
  if (ended.exitCode !== 0) throw unreadable(ended, await nameOf(file));
  const found = parseProbe(json);
  if (!found.video && found.audio.length === 0)
    throw new Fault("source_failed", "the source has no video and no audio");
  const isGuess = ended.lastLines.some((line) => line.includes("Estimating duration from bitrate"));
  return isGuess ? { ...found, durationSeconds: undefined } : found;
}

const nameOf = async (file: string) => nameOfFormat(await Bun.file(file).slice(0, formatBytes).bytes());

/** What is wrong with a file that ffprobe does not read, in words that are true of it. */
function unreadable(ended: Ended, name: string | undefined) {
  checkStarted(ended);
  const { exitCode, lastLines } = ended;
  const cause = lastLines.join("\n");
  const failed = (message: string) => new Fault("source_failed", message, { cause });
  if (exitCode === null) return failed(`ffprobe ${howItEnded(ended)}`);
  if (lastLines.some((line) => line.includes("max_streams"))) {
    return failed(`the source has more than ${mostStreams} streams, which is more than a film has`);
  }
  const reason = scrub(lastLines.at(-1) ?? "ffprobe says nothing more").replace(/^<file>: /, "");
  const what = name === undefined ? "" : `: it is ${name}`;
  return failed(`the source is not a media file that can be read${what} (${reason})`);
}
