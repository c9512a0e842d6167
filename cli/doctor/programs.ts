import { fault, ok, type Verdict, warning } from "#cli/finding.ts";
import type { Env } from "#shared/env.ts";
import { engines } from "../../package.json";

// Older ones lack options that our arguments use.
const oldestMajor = 5;

export function checkBun(version: string): Verdict {
  if (version === engines.bun) return ok(version);
  return warning(`${version} is not the tested ${engines.bun}`, "run scripts/setup, or use the built executables");
}

/** Whether ffmpeg or ffprobe is there and starts. */
export async function checkProgram(name: "ffmpeg" | "ffprobe", { PATH = "" }: Env): Promise<Verdict> {
  const path = Bun.which(name, { PATH });
  if (!path) return fault("not found on PATH", "install ffmpeg (apt-get install ffmpeg, or brew install ffmpeg)");
  const { exitCode, stdout } = Bun.spawnSync([path, "-version"], { stdio: ["ignore", "pipe", "ignore"] });
  const [, version = "of an unknown version", major] = /version ((\d+)\.\S*|\S+)/.exec(stdout.toString()) ?? [];
  if (exitCode !== 0) return fault(`${path} does not start (exit code ${exitCode})`, "install ffmpeg anew");
  if (major && Number(major) < oldestMajor) {
    return fault(`${version} is too old`, `install ffmpeg ${oldestMajor} or later`);
  }
  return ok(version);
}
