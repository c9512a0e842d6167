import { setPriority } from "node:os";
import type { Subprocess } from "bun";
import { codeOf, orUndefined } from "#shared/errors.ts";
import { niceness } from "#worker/limits/process.ts";
import { unusable } from "./version.ts";

const answerMs = 20_000;

const asking = new Set<Subprocess>();
// Who ends while it still asks leaves nothing behind.
process.on("exit", () => {
  for (const child of asking) child.kill("SIGKILL");
});

type Options = {
  /** Whether others may have the processor first, as they may before encodes. */
  isUnhurried?: boolean;
};

/** What a program on PATH prints: the banner, which names its version, and the answer. */
export async function said(
  program: "ffmpeg" | "ffprobe",
  args: readonly string[],
  { isUnhurried = false }: Options = {},
): Promise<string> {
  try {
    const child = Bun.spawn([Bun.which(program) ?? program, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { LANG: "C" },
      timeout: answerMs,
    });
    asking.add(child);
    // It may have ended already.
    if (isUnhurried) orUndefined(() => setPriority(child.pid, niceness));
    const [out, banner] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]).finally(() =>
      asking.delete(child),
    );
    if (child.exitCode !== 0) throw new Error(banner || `exit code ${child.exitCode}`);
    return `${banner}\n${out}`;
  } catch (cause) {
    throw unusable(codeOf(cause) === "ENOENT" ? `${program} is not found on PATH` : `${program} does not start`, {
      cause,
    });
  }
}
