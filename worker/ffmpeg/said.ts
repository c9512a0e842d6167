import { codeOf } from "#shared/errors.ts";
import type { Argv } from "./argv.ts";
import { unusable } from "./version.ts";

const answerMs = 20_000;

/** What a program on PATH prints: the banner, which names its version, and the answer. */
export async function said(...[program, ...args]: Argv): Promise<string> {
  try {
    const child = Bun.spawn([Bun.which(program) ?? program, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { LANG: "C" },
      timeout: answerMs,
    });
    const [out, banner] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    if (child.exitCode !== 0) throw new Error(banner || `exit code ${child.exitCode}`);
    return `${banner}\n${out}`;
  } catch (cause) {
    throw unusable(codeOf(cause) === "ENOENT" ? `${program} is not found on PATH` : `${program} does not start`, {
      cause,
    });
  }
}
