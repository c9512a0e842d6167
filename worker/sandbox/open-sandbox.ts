import { invalidField } from "#shared/fault.ts";
import type { Argv } from "#worker/ffmpeg/argv.ts";
import { run, type Spawn } from "#worker/ffmpeg/run.ts";
import { cpuSecondsWithin, limiter } from "#worker/limits/process.ts";
import { bubblewrap, type Confine } from "./bubblewrap.ts";
import { makeOrphanKiller, type OrphanKiller } from "./orphans.ts";

export const sandboxes = ["auto", "bwrap", "none"] as const;

type Options = { sandbox: (typeof sandboxes)[number]; maxFileBytes: number; cores: number };

/**
 * Finds out, by trying, how far this machine can confine ffmpeg, and how it is started then. Throws when `bwrap` is wanted and does not work; `auto`
 * then does without it.
 */
export async function openSandbox({ sandbox: wanted, maxFileBytes, cores }: Options) {
  const orphans = makeOrphanKiller();
  const [limits, sandbox] = await Promise.all([
    chooseLimits(maxFileBytes, orphans),
    wanted === "none" ? { confine: undefined, why: "SANDBOX=none" } : chooseSandbox(orphans),
  ]);
  const { limit } = limits;
  const { confine } = sandbox;
  if (wanted === "bwrap" && !confine) throw invalidField("SANDBOX", `bubblewrap does not work here: ${sandbox.why}`);
  const spawn: Spawn = ({ argv, longestMs, ...command }) => {
    const confined = confine ? confine(argv, command) : argv;
    const cpuLimitSeconds = limit && longestMs !== undefined ? cpuSecondsWithin(longestMs, cores) : undefined;
    return run({
      ...command,
      argv: limit ? limit(confined, cpuLimitSeconds) : confined,
      cpuLimitSeconds,
      isMonitored: confine !== undefined,
      orphans,
    });
  };
  return {
    /** Starts a command, confined. */
    spawn,
    /** What is used. */
    sandbox: confine ? "bwrap" : "none",
    /** Whether the kernel limits CPU time and file sizes. */
    limits: limit !== undefined,
    /** What is not confined, and why: warnings for an operator. */
    notes: [
      ...(confine ? [] : [`ffmpeg runs without a sandbox: ${sandbox.why}`]),
      ...(limit ? [] : [`ffmpeg runs without limits of the kernel: ${limits.why}`]),
    ],
  };
}

async function chooseLimits(maxFileBytes: number, orphans: OrphanKiller) {
  const limit = limiter({ maxFileBytes });
  const why = await whyItFails(limit(["true"], 60), orphans);
  return why === undefined ? { limit } : { limit: undefined, why };
}

async function chooseSandbox(
  orphans: OrphanKiller,
): Promise<{ confine: Confine | undefined; why?: string | undefined }> {
  const bwrap = Bun.which("bwrap");
  if (!bwrap) return { confine: undefined, why: "bubblewrap (bwrap) is not installed" };
  // Older releases of bubblewrap cannot also forbid namespaces within namespaces.
  const candidates = [bubblewrap(bwrap, ["--disable-userns"]), bubblewrap(bwrap)];
  let why: string | undefined;
  for (const confine of candidates) {
    why = await whyItFails(confine(["ffmpeg", "-version"], {}), orphans);
    if (why === undefined) return { confine };
  }
  return { confine: undefined, why };
}

/** Why a command fails, in its own words; undefined when it works. */
async function whyItFails(argv: Argv, orphans: OrphanKiller): Promise<string | undefined> {
  await using process = run({ argv, signal: AbortSignal.timeout(10_000), orphans });
  await new Response(process.stdout).bytes();
  const { exitCode, lastLines } = await process.ended;
  return exitCode === 0 ? undefined : (lastLines.at(-1) ?? `exit code ${exitCode}`);
}
