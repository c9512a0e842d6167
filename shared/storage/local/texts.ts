import { createHash, randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { codeOf } from "#shared/errors.ts";
import { statOf } from "#shared/proc.ts";
import { removeEmpty } from "./files.ts";

const textParts = ".flux/parts";
const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/**
 * The path of a temporary file for a text, in a folder of such files. Its name tells which process wrote it, because no
 * later write finds the leftover of a crash by its path.
 */
export const textPartIn = (root: string) =>
  join(root, textParts, `.flux-${host}-${process.pid}-${startOf(process.pid)}-${randomBytes(8).toString("hex")}.part`);

/** Removes the temporary files of processes that no longer run. */
export async function sweepTextParts(root: string) {
  const folder = join(root, textParts);
  for (const name of await readdir(folder).catch(() => [])) {
    // Names of version 0.1 do not tell when the process began.
    const [, by, pid, start] = /^\.flux-([0-9a-f]{8})-(\d+)-(?:(\d+)-)?[0-9a-f]{16}\./.exec(name) ?? [];
    if (by === host && !isTheSame(Number(pid), start)) await rm(join(folder, name), { force: true });
  }
  await removeEmpty(folder, root);
}

/** Whether this very process still runs: in a container the next process gets the same number, but begins later. */
function isTheSame(pid: number, start: string | undefined) {
  if (start === undefined) return pid !== process.pid && isAlive(pid);
  return isAlive(pid) && Number(start) === startOf(pid);
}

/** When a process began, in clock ticks since boot; 0 where the system does not tell. */
const startOf = (pid: number) => Number(statOf(pid)?.[19] ?? 0);

function isAlive(pid: number) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}
