import { closeSync, openSync } from "node:fs";
import { constants } from "node:os";
import { poll } from "#shared/async/retry.ts";
import { Fault, invalidField } from "#shared/fault.ts";

type Outcome = "held" | "taken" | { reason: string };

/**
 * Locks a folder for this process. The kernel holds the lock with the open file (flock(2)), so that it goes with the
 * process, however that ends, and there is no file that a cleaner of temporary files could remove; systemd-tmpfiles
 * also leaves alone what is in a locked folder. `file` is locked where a file system cannot lock folders (NFS).
 */
export async function lockFolder(folder: string, file: string): Promise<Disposable> {
  const [held, why] = await lockedPath(folder, "r");
  if (held) return held;
  const [heldFile, whyFile] = await lockedPath(file, "a");
  if (heldFile) return heldFile;
  throw new Fault("internal", `WORK_DIR: ${folder} cannot be locked: ${why}; ${whyFile}`);
}

// A child that a process had just forked when it died holds its files until it runs its program.
const lockRetry = { firstPauseMs: 200, factor: 1, attempts: 5 };

async function lockedPath(path: string, flags: "r" | "a"): Promise<[Disposable] | [undefined, string]> {
  const descriptor = openSync(path, flags);
  const outcome = await poll(
    () => lockDescriptor(descriptor),
    (outcome) => outcome !== "taken",
    lockRetry,
  );
  if (outcome === "held") return [{ [Symbol.dispose]: () => closeSync(descriptor) }];
  closeSync(descriptor);
  if (outcome === "taken")
    throw invalidField("WORK_DIR", "another worker uses this directory; give each worker its own");
  return [undefined, outcome.reason];
}

// Bun has no flock of its own, and its FFI needs the JIT, which may be off (BUN_JSC_useJIT=0).
const lockDescriptor = (descriptor: number): Promise<Outcome> =>
  Bun.which("flock") ? lockByProgram(descriptor) : lockByLibrary(descriptor);

/** flock(1) locks the open file that it inherits: the lock stays with ours when the program has ended. */
async function lockByProgram(descriptor: number): Promise<Outcome> {
  const child = Bun.spawn(["flock", "-x", "-n", "3"], { stdio: ["ignore", "ignore", "pipe", descriptor] });
  const said = (await new Response(child.stderr).text()).trim();
  const exitCode = await child.exited;
  if (exitCode === 0) return "held";
  return exitCode === 1 && said === "" ? "taken" : { reason: said || `flock ended with exit code ${exitCode}` };
}

const [lockExclusive, lockNonBlocking] = [2, 4];

/** Where flock(1) is not installed, as on macOS. */
async function lockByLibrary(descriptor: number): Promise<Outcome> {
  const [library, errno] =
    process.platform === "darwin"
      ? (["libSystem.B.dylib", "__error"] as const)
      : (["libc.so.6", "__errno_location"] as const);
  try {
    const { dlopen, read } = await import("bun:ffi");
    const { symbols } = dlopen(library, {
      flock: { args: ["i32", "i32"], returns: "i32" },
      [errno]: { args: [], returns: "ptr" },
    });
    if (symbols["flock"]?.(descriptor, lockExclusive | lockNonBlocking) === 0) return "held";
    const code = read.i32(symbols[errno]?.() as never, 0);
    return code === constants.errno.EWOULDBLOCK ? "taken" : { reason: `flock failed with errno ${code}` };
  } catch (error) {
    return { reason: `install flock (util-linux): ${error instanceof Error ? error.message : error}` };
  }
}
