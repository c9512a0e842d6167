import { invalidField } from "#shared/fault.ts";
import { type Argv, run, type Spawn } from "#worker/ffmpeg/run.ts";
import { cpuSecondsWithin, limiter } from "#worker/limits/process.ts";
import { bubblewrap, type Confine } from "./bubblewrap.ts";

export const sandboxes = ["auto", "bwrap", "none"] as const;

type Options = { sandbox: (typeof sandboxes)[number]; maxFileBytes: number; cores: number };

/** How ffmpeg will be started, and what an operator should know of it. */
export type Confinement = { spawn: Spawn; sandbox: "bwrap" | "none"; limits: boolean; notes: readonly string[] };

/**
 * Finds out, by trying, how far this machine can confine ffmpeg. Throws when a sandbox is asked for that does not work
 * here; `auto` then does without.
 */
export async function openSandbox({ sandbox: wanted, maxFileBytes, cores }: Options): Promise<Confinement> {
  const [limits, tether, sandbox] = await Promise.all([
    chooseLimits(maxFileBytes),
    chooseTether(),
    wanted === "none" ? { confine: undefined, why: "SANDBOX=none" } : chooseSandbox(),
  ]);
  const { limit } = limits;
  const { confine } = sandbox;
  if (wanted === "bwrap" && !confine) throw invalidField("SANDBOX", `bubblewrap does not work here: ${sandbox.why}`);
  return {
    spawn({ argv, longestMs, ...command }) {
      const confined = confine ? confine(argv, command) : tether.tie(argv);
      const cpuLimitSeconds = limit && longestMs !== undefined ? cpuSecondsWithin(longestMs, cores) : undefined;
      return run({
        ...command,
        argv: limit ? limit(confined, cpuLimitSeconds) : confined,
        cpuLimitSeconds,
        isMonitored: confine !== undefined,
      });
    },
    sandbox: confine ? "bwrap" : "none",
    limits: limit !== undefined,
    notes: [
      ...(confine ? [] : [`ffmpeg runs without a sandbox: ${sandbox.why}`]),
      ...(confine || tether.why === undefined ? [] : [`ffmpeg outlives a worker that is killed: ${tether.why}`]),
      ...(limit ? [] : [`ffmpeg runs without limits of the kernel: ${limits.why}`]),
    ],
  };
}

async function chooseLimits(maxFileBytes: number) {
  const limit = limiter({ maxFileBytes });
  const why = await trouble(limit(["true"], 60));
  return why === undefined ? { limit } : { limit: undefined, why };
}

/** What a sandbox does anyway: when this process dies, the kernel kills what it has started. */
async function chooseTether() {
  const tie = (argv: Argv): Argv => ["setpriv", "--pdeathsig", "KILL", ...argv];
  const why = Bun.which("setpriv") ? await trouble(tie(["true"])) : "setpriv (util-linux) is not installed";
  return { tie: why === undefined ? tie : (argv: Argv) => argv, why };
}

async function chooseSandbox(): Promise<{ confine: Confine | undefined; why?: string | undefined }> {
  const bwrap = Bun.which("bwrap");
  if (!bwrap) return { confine: undefined, why: "bubblewrap (bwrap) is not installed" };
  // Older releases cannot also forbid namespaces within namespaces.
  const candidates = [bubblewrap(bwrap, ["--disable-userns"]), bubblewrap(bwrap)];
  let why: string | undefined;
  for (const confine of candidates) {
    why = await trouble(confine(["ffmpeg", "-version"], {}));
    if (why === undefined) return { confine };
  }
  return { confine: undefined, why };
}

/** Why a command does not work, in its own words. */
async function trouble(argv: Argv): Promise<string | undefined> {
  await using process = run({ argv, signal: AbortSignal.timeout(10_000) });
  await new Response(process.stdout).bytes();
  const { exitCode, lastLines } = await process.ended;
  return exitCode === 0 ? undefined : (lastLines.at(-1) ?? `exit code ${exitCode}`);
}
