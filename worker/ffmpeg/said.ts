import { constants, setPriority } from "node:os";
import { codeOf, orUndefined } from "#shared/errors.ts";
import { unusable } from "./version.ts";

const answerMs = 20_000;

type Options = {
  /** Whether others may have the processor first. */
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
    // It may have ended already.
    if (isUnhurried) orUndefined(() => setPriority(child.pid, constants.priority.PRIORITY_LOW));
    const [out, banner] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    if (child.exitCode !== 0) throw new Error(banner || `exit code ${child.exitCode}`);
    return `${banner}\n${out}`;
  } catch (cause) {
    throw unusable(codeOf(cause) === "ENOENT" ? `${program} is not found on PATH` : `${program} does not start`, {
      cause,
    });
  }
}
