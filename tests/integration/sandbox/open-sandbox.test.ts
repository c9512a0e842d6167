import { afterAll, expect, test } from "bun:test";
import { chmod, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outcome } from "#tests/support/outcome.ts";
import { freePort, type Process, startWorker } from "#tests/support/processes.ts";
import { eventually } from "#tests/support/service.ts";
import { isConfined } from "./start.ts";

const home = await mkdtemp(join(tmpdir(), "flux-open-"));
afterAll(() => rm(home, { recursive: true, force: true }));

/** A PATH with these scripts and what a worker cannot do without. */
async function pathWith(scripts: Record<string, string>) {
  const dir = await mkdtemp(join(home, "bin-"));
  for (const name of ["ffmpeg", "ffprobe", "sh", "true"]) await symlink(Bun.which(name) ?? "", join(dir, name));
  for (const [name, text] of Object.entries(scripts)) {
    await Bun.write(join(dir, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(dir, name), 0o755);
  }
  return dir;
}

const start = async (env: Record<string, string>) => startWorker({ port: await freePort(), home, ...env });
const says = ({ said }: Process, words: string) =>
  eventually(() => said.some((line) => line.includes(words)), `the worker says ${words}`);
const notAllowed = { bwrap: "echo 'bwrap: No permissions to create new namespace' >&2; exit 1" };

test("a worker that may choose does without a sandbox that is not there, and says so", async () => {
  await using worker = await start({ PATH: await pathWith({}) });
  await says(worker, "ffmpeg runs without a sandbox: bubblewrap (bwrap) is not installed");
});

test("a worker that may choose does without a sandbox that is not allowed, and says why", async () => {
  await using worker = await start({ PATH: await pathWith(notAllowed) });
  await says(worker, "No permissions to create new namespace");
});

test("a worker does without limits that may not be set, and says why", async () => {
  const prlimit = "echo 'prlimit: failed to set the NOFILE resource limit' >&2; exit 1";
  await using worker = await start({ PATH: await pathWith({ prlimit }) });
  await says(worker, "without limits of the kernel: prlimit: failed to set the NOFILE");
});

test("a worker that must have a sandbox does not start without it", async () => {
  const failure = start({ SANDBOX: "bwrap", PATH: await pathWith(notAllowed) });
  expect(await outcome(failure)).toThrow("SANDBOX: bubblewrap does not work here: bwrap: No permissions");
});

test.skipIf(!isConfined)("a worker that must have a sandbox has it", async () => {
  await using worker = await start({ SANDBOX: "bwrap" });
  await says(worker, '"sandbox":"bwrap"');
});
