import { Fault } from "#shared/fault.ts";
import { inputGuard } from "./guard.ts";
import { type Probe, parseProbe, probeQuery } from "./media.ts";
import { run } from "./run.ts";
import { scrub } from "./scrub.ts";
import { watchdog } from "./watchdog.ts";

type Options = { signal: AbortSignal; timeoutMs?: number; ffprobe?: readonly [string, ...string[]] };

/** Looks at a local file; what cannot be read as media is a `source_failed` Fault. */
export async function probe(
  file: string,
  { signal, timeoutMs = 30_000, ffprobe = ["ffprobe"] }: Options,
): Promise<{ probe: Probe; cpuSeconds: number }> {
  using limit = watchdog(timeoutMs, () => new Fault("source_failed", "the source takes too long to examine"));
  const stopped = AbortSignal.any([signal, limit.signal]);
  const argv = [...ffprobe, "-hide_banner", "-v", "warning", ...inputGuard, ...probeQuery, file] as const;
  await using process = run({ argv, signal: stopped });

  const json = await new Response(process.stdout).text();
  const { exitCode, lastLines, cpuSeconds } = await process.ended;
  stopped.throwIfAborted();
  if (exitCode !== 0) throw unreadable(lastLines);

  const found = parseProbe(json);
  if (!found.video && found.audio.length === 0)
    throw new Fault("source_failed", "the source has no video and no audio");
  const isGuess = lastLines.some((line) => line.includes("Estimating duration from bitrate"));
  return { probe: isGuess ? { ...found, durationSeconds: undefined } : found, cpuSeconds };
}

function unreadable(lastLines: readonly string[]) {
  const reason = scrub(lastLines.at(-1) ?? "ffprobe says nothing more").replace(/^<file>: /, "");
  return new Fault("source_failed", `the source is not a media file that can be read (${reason})`, {
    cause: lastLines.join("\n"),
  });
}
