import { afterEach, beforeEach, expect, test } from "bun:test";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { outcome } from "#tests/support/outcome.ts";
import { freePort, startCommand, startWorker } from "#tests/support/processes.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { lockFolder } from "#worker/work-dir/lock.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

const taken = "WORK_DIR: another worker uses this directory";
const workDir = () => join(folder.path, "work");
const start = async () => startWorker({ port: await freePort(), home: folder.path, WORK_DIR: workDir() });

test("of workers that start in the same moment in one directory one runs, and the others say so", async () => {
  for (let round = 0; round < 3; round += 1) {
    await using stack = new AsyncDisposableStack();
    const started = await Promise.allSettled([start(), start(), start(), start()]);
    const running = started.flatMap((one) => (one.status === "fulfilled" ? [stack.use(one.value)] : []));
    const reasons = started.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
    expect(running).toHaveLength(1);
    expect(reasons).toHaveLength(3);
    for (const reason of reasons) expect(reason).toContain(taken);
  }
});

test("who removes every file of an idle worker does not free its directory", async () => {
  await using _worker = await start();
  for (const name of await readdir(workDir())) await rm(join(workDir(), name), { recursive: true });
  expect(await outcome(start())).toThrow(taken);
});

test("the lock goes with its process, although a child of it lives on", async () => {
  const holder = join(import.meta.dir, "holder.ts");
  await using held = await startCommand([process.execPath, "--config=/dev/null", holder, folder.path], {}, "held");
  const child = Number(held.ready["child"]);
  expect(await outcome(lockFolder(folder.path, join(folder.path, "lock")))).toThrow(taken);
  held.kill("SIGKILL");
  await held.exited;
  try {
    using _lock = await lockFolder(folder.path, join(folder.path, "lock"));
    expect(process.kill(child, 0)).toBe(true);
  } finally {
    process.kill(child, "SIGKILL");
  }
});

test("a released lock can be taken again", async () => {
  for (const _ of ["once", "twice"]) {
    using _lock = await lockFolder(folder.path, join(folder.path, "lock"));
    expect(await outcome(lockFolder(folder.path, join(folder.path, "lock")))).toThrow(taken);
  }
});
