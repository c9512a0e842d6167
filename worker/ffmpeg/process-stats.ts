import { readIfThere, statOf } from "#shared/proc.ts";
import { childrenOf, type Spawn } from "./run.ts";

/** The processes of ffmpeg and ffprobe that run now, their resident memory, and the cores that they use. */
export type ProcessUsage = { processes: number; memoryBytes: number; cores: number };

export type ProcessStats = ReturnType<typeof makeProcessStats>;

// As Linux tells its times to programs, on every architecture.
const ticksASecond = 100;

type Sample = { cpuSeconds: number; atMs: number };

/** Measures the processes that are started through it; where there is no /proc it counts them only. */
export function makeProcessStats(nowMs: () => number = performance.now.bind(performance)) {
  const running = new Map<number, Sample>();

  /** The cores that a process used since its last sample, or since it began. */
  const coresOf = (pid: number, cpuSeconds: number, last: Sample) => {
    const atMs = nowMs();
    running.set(pid, { cpuSeconds, atMs });
    const seconds = (atMs - last.atMs) / 1_000;
    // A child that has ended since then takes its time along.
    return seconds > 0 ? Math.max(0, cpuSeconds - last.cpuSeconds) / seconds : 0;
  };

  return {
    spawn:
      (spawn: Spawn): Spawn =>
      (command) => {
        const started = spawn(command);
        running.set(started.pid, { cpuSeconds: 0, atMs: nowMs() });
        void started.ended.finally(() => running.delete(started.pid));
        return started;
      },
    sample(): ProcessUsage {
      const usage: ProcessUsage = { processes: running.size, memoryBytes: 0, cores: 0 };
      for (const [pid, last] of [...running]) {
        const family = familyOf(pid);
        const sum = (of: (pid: number) => number) => family.reduce((total, each) => total + of(each), 0);
        usage.memoryBytes += sum(memoryOf);
        usage.cores += coresOf(pid, sum(cpuSecondsOf), last);
      }
      return usage;
    },
  };
}

/** The process and all that it has started: a sandbox is one around what does the work. */
const familyOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(familyOf)];

/** Its own and that of children which have ended. */
function cpuSecondsOf(pid: number): number {
  const times = statOf(pid)?.slice(11, 15) ?? [];
  return times.reduce((sum, ticks) => sum + Number(ticks), 0) / ticksASecond;
}

const memoryOf = (pid: number) =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readIfThere(`/proc/${pid}/status`) ?? "")?.[1] ?? 0) * 1_024;
