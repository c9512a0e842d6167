import { expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeDir } from "#tests/integration/ffmpeg/work.ts";
import { childrenOf, isAlive, startCommand } from "#tests/support/processes.ts";
import { eventually } from "#tests/support/service.ts";
import { isConfined } from "./start.ts";

const sandboxes = ["none", ...(isConfined ? ["bwrap"] : [])];

test.each(sandboxes)("with SANDBOX=%s ffmpeg does not outlive a worker that is killed", async (sandbox) => {
  const dir = await makeDir();
  // Without bunfig.toml, by which Bun itself would see to it.
  const bun = [process.execPath, "--config=/dev/null", join(import.meta.dir, "holder.ts"), sandbox, dir];
  await using holder = await startCommand(bun, {}, "running");
  await eventually(async () => (await readdir(dir)).length > 0, "ffmpeg writes");
  const pid = Number(holder.ready["pid"]);
  const started = [pid, ...(await childrenOf(pid))];
  const alive = async () => (await Promise.all(started.map(isAlive))).some(Boolean);
  expect(await alive()).toBe(true);
  holder.kill("SIGKILL");
  await eventually(async () => !(await alive()), "ffmpeg is gone");
});

/** The processes, zombies excepted, in whose arguments a text is. */
async function processesWith(text: string): Promise<number[]> {
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const argumentsOf = (pid: number) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  const found = await Promise.all(pids.map(async (pid) => (await argumentsOf(pid)).includes(text) && isAlive(pid)));
  return pids.filter((_, index) => found[index]);
}

// From before the command is a process of its own to after it has begun.
const waitsMs = Array.from({ length: 30 }, (_, index) => index * 0.4);

test.each(sandboxes)("with SANDBOX=%s nothing outlives a worker that is killed while it starts it", async (sandbox) => {
  const dir = await makeDir();
  const killed = async (waitMs: number) => {
    const bun = [process.execPath, "--config=/dev/null", join(import.meta.dir, "holder.ts"), sandbox, dir];
    await using holder = await startCommand([...bun, String(waitMs)], {}, "running");
    expect(await holder.exited).toBe(137);
  };
  for (const waitMs of waitsMs) await killed(waitMs);
  await eventually(async () => (await processesWith(dir)).length === 0, "nothing is left");
});
