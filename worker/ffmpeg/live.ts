import { readFileSync } from "node:fs";
import type { Spawn } from "./run.ts";

/** What runs of ffmpeg and ffprobe now: how many, their resident memory, and the cores that they use. */
export type Live = { processes: number; memoryBytes: number; cores: number };

export type LiveProcesses = ReturnType<typeof makeLive>;

// As Linux tells its times to programs, on every architecture.
const ticksASecond = 100;

type Seen = { cpuSeconds: number; atMs: number };

/** Looks at processes while they run; where there is no /proc it counts them only. */
export function makeLive(nowMs: () => number = performance.now.bind(performance)) {
  const running = new Map<number, Seen>();

  /** The cores that a process used since it was looked at last, or began. */
  const coresOf = (pid: number, cpuSeconds: number, last: Seen) => {
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
    look(): Live {
      const live: Live = { processes: running.size, memoryBytes: 0, cores: 0 };
      for (const [pid, last] of [...running]) {
        const family = familyOf(pid);
        const sum = (of: (pid: number) => number) => family.reduce((total, each) => total + of(each), 0);
        live.memoryBytes += sum(memoryOf);
        live.cores += coresOf(pid, sum(cpuSecondsOf), last);
      }
      return live;
    },
  };
}

/** The process and all that it has started: a sandbox is one around what does the work. */
const familyOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(familyOf)];

const childrenOf = (pid: number) => textOf(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);

/** Its own and that of children which have ended. */
function cpuSecondsOf(pid: number): number {
  const stat = textOf(`/proc/${pid}/stat`);
  // The second field is the program's name, in which anything may be.
  const times = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 15);
  return times.reduce((sum, ticks) => sum + Number(ticks), 0) / ticksASecond;
}

const memoryOf = (pid: number) => Number(/^VmRSS:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) * 1_024;

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
