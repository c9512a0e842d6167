import { readStderr } from "./stderr.ts";

export type Command = {
  argv: readonly [string, ...string[]];
  /** When it fires, the process gets SIGTERM, and SIGKILL `graceMs` later. */
  signal: AbortSignal;
  graceMs?: number;
  cwd?: string;
  /** Gets all that the process says on stderr, up to 16 MiB. */
  logFile?: string | undefined;
};

export type Ended = {
  exitCode: number | null;
  signalCode: number | string | null;
  cpuSeconds: number;
  /** The last lines of stderr. */
  lastLines: readonly string[];
};

/** A process that is gone, at the latest, when this is disposed. Its stdout must be read. */
export type Running = AsyncDisposable & { pid: number; stdout: ReadableStream<Uint8Array>; ended: Promise<Ended> };

/** Starts a process that inherits nothing: no environment, no stdin. */
export function run({ argv: [program, ...args], signal, graceMs = 5_000, cwd, logFile }: Command): Running {
  signal.throwIfAborted();
  const child = Bun.spawn([Bun.which(program) ?? program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { LANG: "C" },
    // A Ctrl-C in a terminal reaches a whole group: who started this decides what becomes of it.
    detached: true,
    ...(cwd !== undefined && { cwd }),
  });

  let killer: Timer | undefined;
  const stop = () => {
    child.kill("SIGTERM");
    killer ??= setTimeout(() => child.kill("SIGKILL"), graceMs);
  };
  signal.addEventListener("abort", stop, { once: true });

  const watch = async (): Promise<Ended> => {
    const [lastLines] = await Promise.all([readStderr(child.stderr, logFile), child.exited]);
    clearTimeout(killer);
    signal.removeEventListener("abort", stop);
    const { exitCode, signalCode } = child;
    return { exitCode, signalCode, cpuSeconds: Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1e6, lastLines };
  };
  const ended = watch();

  return {
    pid: child.pid,
    stdout: child.stdout,
    ended,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) stop();
      await ended;
    },
  };
}
