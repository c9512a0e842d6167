import { Fault } from "#shared/fault.ts";
import type { Ended } from "./run.ts";

/** Throws when the disk was full, which ffmpeg 5.1 may survive with exit code 0. */
export function ensureDiskNotFull({ lastLines }: Ended) {
  const last = lastLines.find((line) => line.endsWith("No space left on device"));
  if (last) throw new Fault("internal", "the worker has no room left for the output", { cause: last });
}

/** Throws when what was to confine a process failed, so that it never started: neither source nor preset is to blame. */
export function checkStarted({ lastLines }: Ended) {
  const last = lastLines.at(-1);
  if (last && /^(bwrap|prlimit|nice|sh): /.test(last))
    throw new Fault("internal", "ffmpeg could not be started", { cause: last });
}

/** How a process that failed came to its end, in words. */
export function howItEnded(ended: Ended): string {
  const { exitCode, signalCode } = ended;
  const limit = limitReached(ended);
  if (limit) return `was ended: ${limit}`;
  if (ended.ranOutOfMemory) return "was killed because memory ran out";
  if (signalCode === "SIGKILL") return "was killed by SIGKILL, most likely because the machine ran out of memory";
  return signalCode === null ? `ended with exit code ${exitCode}` : `was killed by ${signalCode}`;
}

// ffmpeg catches SIGXCPU and ends by itself; a write beyond the limit may fail before SIGXFSZ is seen.
function limitReached({ signalCode, ranOutOfCpuTime, lastLines }: Ended): string | undefined {
  if (ranOutOfCpuTime) return "it used more CPU time than the job's deadline allows";
  if (signalCode === "SIGXFSZ" || lastLines.some((line) => line.endsWith("File too large")))
    return "a file it wrote grew beyond MAX_OUTPUT_SIZE";
  return undefined;
}
