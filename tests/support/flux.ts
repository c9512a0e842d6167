import { join } from "node:path";
import { loopback } from "./processes.ts";

const root = join(import.meta.dir, "../..");

/** Runs `flux` as a process in a folder; `ended` has its exit code and all that it said. */
export const fluxIn =
  (home: string) =>
  (args: readonly string[], env: Record<string, string> = {}, stdin?: string) => {
    const child = Bun.spawn([process.execPath, "--no-orphans", join(root, "cli/main.ts"), ...args], {
      cwd: home,
      env: {
        PATH: process.env["PATH"] ?? "",
        TMPDIR: home,
        PRESETS_DIR: join(root, "tests/support/presets"),
        ALLOWED_PRIVATE_CIDRS: loopback,
        ...env,
      },
      stdio: [new Blob([stdin ?? ""]), "pipe", "pipe"],
    });
    const ended = Promise.all([child.stdout.text(), child.stderr.text(), child.exited]).then(([out, err, code]) => ({
      out,
      err,
      code,
    }));
    return { child, ended };
  };

/** What a command printed with --json. */
export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
