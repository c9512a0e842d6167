import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { signal } from "#tests/integration/ffmpeg/work.ts";
import { howItEnded } from "#worker/ffmpeg/ending.ts";
import { ways } from "./start.ts";

const group = makeGroup();
afterAll(() => group && rmdirSync(group));

/** A control group that may take 32 MiB; undefined where this process may not make one. */
function makeGroup() {
  const [root, limit] = existsSync("/sys/fs/cgroup/cgroup.controllers")
    ? (["/sys/fs/cgroup", "memory.max"] as const)
    : (["/sys/fs/cgroup/memory", "memory.limit_in_bytes"] as const);
  const path = join(root, `flux-test-${process.pid}`);
  try {
    mkdirSync(path);
    writeFileSync(join(path, limit), String(32 * 2 ** 20));
    return path;
  } catch {
    if (existsSync(path)) rmdirSync(path);
    return undefined;
  }
}

test.skipIf(!group).each(ways)(
  "an ffmpeg that the kernel killed for want of memory is told from others (%s)",
  async (_, spawn) => {
    const encode = "exec ffmpeg -v error -f lavfi -i testsrc2=size=3840x2160 -c:v libx264 -f null -";
    // 0 is whoever writes it, also where processes have numbers of their own.
    const argv = ["sh", "-c", `echo 0 > ${group}/cgroup.procs; ${encode}`] as const;
    await using process = spawn({ argv, writes: group ? [group] : [], signal });
    await new Response(process.stdout).bytes();
    expect(howItEnded(await process.ended)).toBe("was killed because memory ran out");
  },
);
