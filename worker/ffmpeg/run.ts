import { constants } from "node:os";
import { orUndefined } from "#shared/errors.ts";
import { readIfThere } from "#shared/proc.ts";
import { oomKills } from "#worker/limits/oom.ts";
import { type OrphanKiller, pipeOf } from "#worker/sandbox/orphans.ts";
import type { Argv } from "./argv.ts";
import { readStderr } from "./stderr.ts";

/** What a process needs of the disk: files that it reads, folders that it writes to. */
export type Access = { reads?: readonly string[]; writes?: readonly string[] };

export type Command = Access & {
  /** The program, looked up on PATH, and its arguments. */
  argv: Argv;
  /** When it fires, the process is killed: what it has not finished by then nobody wants. */
  signal: AbortSignal;
  /** The longest that it may take; who confines it derives a limit of CPU time from this. */
  longestMs?: number | undefined;
  /** The folder in which it starts. Default: this process's own. */
  cwd?: string;
  /** Gets all that the process says on stderr, up to 16 MiB. */
  logFile?: string | undefined;
  /** Gets each line of stderr as it comes. */
  onLine?: (line: string) => void;
};

export type Ended = {
  /** Null when a signal ended it. */
  exitCode: number | null;
  /** What ended it, unless it ended by itself. */
  signalCode: string | number | null;
  /** Whether the kernel was killing for want of memory when this process was killed. */
  ranOutOfMemory: boolean;
  /** Whether it was killed at its limit of CPU time. */
  ranOutOfCpuTime: boolean;
  /** The CPU time of the process and of its children, user and system. */
  cpuSeconds: number;
  /** The most memory that it had, in bytes. */
  peakMemory: number;
  /** The last lines of stderr, without those that ffmpeg itself marks as mere information. */
  lastLines: readonly string[];
};

/** A process that is gone, at the latest, when this is disposed. Its stdout must be read. */
export type Running = AsyncDisposable & {
  /** Of the program, or of the sandbox around it. */
  pid: number;
  /** What it writes there, byte by byte. */
  stdout: ReadableStream<Uint8Array>;
  /** Resolves when the process is gone, however it ended. */
  ended: Promise<Ended>;
};

/** Starts a process: `run` itself, or one that confines what it starts to the access asked for. */
export type Spawn = (command: Command) => Running;

/** What starts processes, and ends them. */
export type Spawning = {
  /** Ends what was started when it fires. */
  signal: AbortSignal;
  /** How a process is started. */
  spawn: Spawn;
};

/** Runs a process to its end, however it ends: what it wrote to stdout, and how it ended. */
export async function runToEnd(spawn: Spawn, command: Command): Promise<{ stdout: Buffer; ended: Ended }> {
  await using process = spawn(command);
  const stdout = Buffer.from(await new Response(process.stdout).arrayBuffer());
  const ended = await process.ended;
  command.signal.throwIfAborted();
  return { stdout, ended };
}

/** A `spawn` for one job: whatever it starts may read these files too, and take so long unless it says less. */
export const spawnFor =
  (spawn: Spawn, { reads, longestMs }: { reads: readonly string[]; longestMs: number | undefined }): Spawn =>
  (command) =>
    spawn({ longestMs, ...command, reads: [...reads, ...(command.reads ?? [])] });

/** What is known of a command that is confined. */
type Confined = {
  /** Whether the command only watches over its one child, which does the work. */
  isMonitored?: boolean;
  /** Where the kernel ends it. */
  cpuLimitSeconds?: number | undefined;
  /** Ends it when this process dies. */
  orphans?: OrphanKiller;
};

/** How long a monitor may take to end after its child. */
const reapMs = 100;

/** Starts a process that inherits nothing: no environment, no stdin. */
export function run(command: Command & Confined): Running {
  const { argv, signal, cwd, isMonitored = false, cpuLimitSeconds = Infinity } = command;
  const { orphans } = command;
  signal.throwIfAborted();
  const [program, ...args] = argv;
  const found: Argv = [Bun.which(program) ?? program, ...args];
  const oomKillsBefore = oomKills();
  const child = Bun.spawn([...(orphans?.waiting(found) ?? found)], {
    stdio: ["ignore", "pipe", "pipe", ...(orphans ? (["pipe"] as const) : [])],
    env: { LANG: "C" },
    // A Ctrl-C in a terminal reaches a whole group: who started this decides what becomes of it.
    detached: true,
    ...(cwd !== undefined && { cwd }),
  });

  orphans?.begin(child.pid, pipeOf(child));

  const killGroup = () => sent(-child.pid);
  let killer: Timer | undefined;
  const stop = () => {
    const worker = isMonitored ? childrenOf(child.pid)[0] : undefined;
    if (worker === undefined || !sent(worker)) return void killGroup();
    // The monitor is left to end by itself, so that it reaps its child and the CPU time is counted.
    killer ??= setTimeout(killGroup, reapMs);
  };
  signal.addEventListener("abort", stop, { once: true });

  const watch = async (): Promise<Ended> => {
    const [lastLines] = await Promise.all([readStderr(child.stderr, command), child.exited]);
    clearTimeout(killer);
    orphans?.ended(child.pid);
    signal.removeEventListener("abort", stop);
    const signalCode = child.signalCode ?? (isMonitored ? signalIn(child.exitCode) : null);
    const { cpuTime, maxRSS = 0 } = child.resourceUsage() ?? {};
    const cpuSeconds = Number(cpuTime?.total ?? 0) / 1e6;
    return {
      exitCode: signalCode === null ? child.exitCode : null,
      signalCode,
      ranOutOfMemory: signalCode === "SIGKILL" && oomKills() > oomKillsBefore,
      ranOutOfCpuTime: cpuSeconds >= cpuLimitSeconds * 0.99,
      cpuSeconds,
      peakMemory: maxRSS,
      lastLines,
    };
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

/** The processes that a process has started and that have not been reaped; none where there is no /proc. */
export const childrenOf = (pid: number): number[] =>
  (readIfThere(`/proc/${pid}/task/${pid}/children`) ?? "").split(" ").filter(Boolean).map(Number);

/** Kills a process or, by a negative number, a group; false when it is gone. */
const sent = (pid: number) => orUndefined(() => process.kill(pid, "SIGKILL")) ?? false;

// As shells do, a monitor exits with 128 and the number of the signal that ended its child.
const signalIn = (exitCode: number | null) =>
  Object.entries(constants.signals).find(([, number]) => number + 128 === exitCode)?.[0] ?? null;
