import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { makeDir } from "#tests/integration/ffmpeg/work.ts";
import { childrenOf, isAlive, startCommand } from "#tests/support/processes.ts";
import { eventually } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";
import { isConfined } from "./start.ts";

const sandboxes = [...(toolPath("setpriv") ? ["none"] : []), ...(isConfined ? ["bwrap"] : [])];

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
