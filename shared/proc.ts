import { readFileSync } from "node:fs";
import { orUndefined } from "./errors.ts";

/** The text of a small file of the kernel; undefined where it does not exist. */
export const readIfThere = (path: string) => orUndefined(() => readFileSync(path, "utf8"));

/**
 * What the system tells of a process in `/proc/<pid>/stat`, behind the program's name, in which anything may be: the
 * first is its state. Undefined where there is no such process, or no such file.
 */
export function statOf(pid: number): string[] | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}
