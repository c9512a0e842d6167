import { mkdir, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { fault, ok, type Verdict } from "#cli/finding.ts";
import type { Config } from "#worker/config.ts";

/** Whether a worker may write there and finds room; nothing is left behind. */
export async function checkWorkDir({ workDir, source }: Config): Promise<Verdict> {
  const trial = join(workDir, `.doctor-${process.pid}`);
  const made = await mkdir(trial, { recursive: true }).catch(() => undefined);
  if (!made) return fault(`${workDir} cannot be written`, "check who owns it, or set WORK_DIR");
  const { bavail, bsize } = await statfs(trial).finally(() => rm(made, { recursive: true }));
  const free = `${inGigabytes(bavail * bsize)} are free in ${workDir}`;
  const { reserveBytes } = source.diskSpace;
  return bavail * bsize > reserveBytes
    ? ok(free)
    : fault(`only ${free}, and MIN_FREE_DISK keeps ${inGigabytes(reserveBytes)}`, "make room, or move WORK_DIR");
}

const inGigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
