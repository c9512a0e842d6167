import { readFileSync } from "node:fs";

const textOf = (path: string) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};
const childrenOf = (pid: number) => textOf(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
const below = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...below(child)]);
const peakOf = (pid: number) => Number(/VmHWM:\s+(\d+)/.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) * 1_024;

/** The most memory that a process, and any one below it, has had at a time since this was called, until disposed. */
export function watchMemory(pid: number): Disposable & { own(): number; below(): number } {
  const peaks = { own: 0, below: 0 };
  const look = () => {
    peaks.own = Math.max(peaks.own, peakOf(pid));
    peaks.below = Math.max(peaks.below, ...below(pid).map(peakOf));
  };
  look();
  const timer = setInterval(look, 5);
  return {
    own: () => peaks.own,
    below: () => peaks.below,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
