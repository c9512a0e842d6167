import { dlopen, ptr } from "bun:ffi";
import { readFileSync } from "node:fs";

/** Bytes of a process's memory that are in RAM now, and the most that ever were. */
export function memoryOf(pid: number | "self") {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const bytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1_024;
  return { now: bytes("VmRSS"), most: bytes("VmHWM") };
}

/** Milliseconds of processor time that a process has used, in its own code and in the kernel, to the nanosecond. */
export function cpuMsOf(pid: number): number {
  libc ??= openLibc();
  const time = new BigInt64Array(2);
  // The clock of a process, as clock_getcpuclockid(3) makes it of its id.
  if (libc.symbols.clock_gettime((~pid << 3) | 2, ptr(time)) !== 0) throw new Error(`there is no process ${pid}`);
  return Number(time[0]) * 1e3 + Number(time[1]) / 1e6;
}
let libc: ReturnType<typeof openLibc> | undefined;
const openLibc = () => dlopen("libc.so.6", { clock_gettime: { args: ["i32", "ptr"], returns: "i32" } });

// The kernel's clock ticks (USER_HZ) are a hundredth of a second on every Linux.
const tickMs = 10;

/** The same in steps of 10 ms, with that of the processes which it has started and which have ended, and of theirs. */
export function cpuMsOfAll(pid: number): number {
  // proc(5): the times are the 14th field to the 17th; the second may hold spaces and ends in a bracket.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * tickMs;
}

/** How often the main thread of a process has begun to run again after it had nothing to do. */
export function wakeUpsOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/task/${pid}/status`, "utf8");
  return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1]);
}

const lookEveryMs = 0.1;
const nothing = new Int32Array(new SharedArrayBuffer(4));

/**
 * Blocks until a process has a descendant that runs this program, and tells when, by `performance.now()`. The kernel
 * keeps start times in steps of 10 ms only, and a wrapper would take time itself, so the lists of children are read
 * over and over, with pauses that leave the processor to others.
 */
export const descendantAppears = (pid: number, program: string) =>
  appears(pid, (child) => programOf(child) === program);

function appears(pid: number, fits: (child: string) => boolean): number {
  const over = performance.now() + 30_000;
  while (performance.now() < over) {
    if (hasDescendant(String(pid), fits)) return performance.now();
    Atomics.wait(nothing, 0, 0, lookEveryMs);
  }
  throw new Error("no such process appeared");
}

/** The same for the encode of a job, of all that is started in ffmpeg's name: it alone reports its progress. */
export const encodeAppears = (pid: number) => appears(pid, isEncode);

/** Blocks until a process has a child that it did not have before, and tells when. */
export function childAppears(pid: number): number {
  const before = new Set(childrenOf(String(pid)));
  const over = performance.now() + 30_000;
  while (performance.now() < over) {
    if (childrenOf(String(pid)).some((child) => !before.has(child))) return performance.now();
    Atomics.wait(nothing, 0, 0, lookEveryMs);
  }
  throw new Error("no child appeared");
}

const hasDescendant = (pid: string, fits: (child: string) => boolean): boolean =>
  childrenOf(pid).some((child) => fits(child) || hasDescendant(child, fits));

const isEncode = (pid: string) => programOf(pid) === "ffmpeg" && read(`/proc/${pid}/cmdline`).includes("\0-progress\0");

const childrenOf = (pid: string) => read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean);
const programOf = (pid: string) => read(`/proc/${pid}/comm`).trim();

/** Empty for a process that is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
