import { afterEach, beforeEach, expect, test } from "bun:test";
import { lstat, mkdir, readdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { orderToJson } from "#shared/job/order.ts";
import { makeLog } from "#shared/log.ts";
import { makeRecords } from "#shared/records.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { anOrder } from "#tests/support/orders.ts";
import { outcome, rejection } from "#tests/support/outcome.ts";
import { freePort, leftIn, startWorker as startProcess } from "#tests/support/processes.ts";
import { eventually, filesIn, temporaryFolder } from "#tests/support/service.ts";
import { readConfig } from "#worker/config.ts";
import { journalAt, retainedFolder } from "#worker/journal/journal.ts";
import { start } from "#worker/start.ts";
import { markerFile, ownFolder } from "#worker/work-dir/open-work-dir.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let workDir: string;
let own: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  workDir = join(folder.path, "data");
  own = join(workDir, ownFolder);
  await mkdir(workDir);
});
afterEach(() => folder[Symbol.asyncDispose]());

async function startWorker(more: Record<string, string> = {}) {
  const env = { GRPC_PORT: "0", WORK_DIR: workDir, LOCAL_ROOT: join(workDir, "outputs"), AUTO_STOP: "false" };
  const log = makeLog("test", { level: "silent" });
  const worker = await start(readConfig({ ...env, ...more }), { log });
  return { ...worker, [Symbol.asyncDispose]: () => worker.drain(0) };
}

const order = () => anOrder({ inputUrl: "http://127.0.0.1:9/nothing.mp4", preset: "720p_h264" });

/** Folders of a home directory whose names could be job ids, and what worse may lie in it. */
const names = [
  ...["photos", "outputs", "Documents", "music-2020", "src_old", "undelivered", "set-aside", "a", "lost-found"],
  ...["node_modules", crypto.randomUUID(), Bun.randomUUIDv7(), "1f2e3d4c", "0123456789abcdef0123456789abcdef"],
];

async function fillHome() {
  for (const name of names) {
    await mkdir(join(workDir, name, "2020"), { recursive: true });
    await writeFile(join(workDir, name, "2020", "film.mp4"), name);
  }
  await writeFile(join(workDir, "notes.txt"), "notes");
  await mkdir(join(workDir, ".config"));
  await writeFile(join(workDir, ".config", "order.json"), "{}");
  // Of other programs, and one whose journal is another job's.
  await writeFile(join(workDir, "photos", "order.json"), '{"pizza":2}');
  await writeFile(join(workDir, "outputs", "order.json"), JSON.stringify(orderToJson(order())));
  await writeFile(join(workDir, "Documents", "order.json"), "x".repeat(2 ** 21));
  Bun.spawnSync(["mkfifo", join(workDir, "src_old", "order.json")]);
  await symlink(join(workDir, "photos"), join(workDir, `1f2e3d4c-${Bun.randomUUIDv7()}`));
}

/** Everything below a folder but a worker's own folder: kinds, times and contents. */
async function picture(): Promise<string[]> {
  const entries = await readdir(workDir, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const { mode, mtimeMs, ino } = await lstat(path);
    return [path, mode, mtimeMs, ino, entry.isFile() ? await readFile(path, "utf8") : ""].join(" ");
  });
  const others = (await Promise.all(lines)).filter((line) => !line.startsWith(own));
  return others.toSorted();
}

test("a worker in a home directory touches nothing there but its own folder", async () => {
  await fillHome();
  const before = await picture();
  for (const _ of ["the first start", "the next"]) {
    await using _worker = await startWorker();
    expect(await picture()).toEqual(before);
  }
  expect(await picture()).toEqual(before);
  expect(await leftIn(own)).toEqual([]);
});

test("in its own folder, too, only what is a job's is touched", async () => {
  await (await startWorker())[Symbol.asyncDispose]();
  await mkdir(join(own, "photos"));
  await writeFile(join(own, "photos", "one.jpg"), "one");
  const unaccepted = journalAt(own, order().jobId);
  await mkdir(unaccepted.folder);
  await writeFile(join(unaccepted.folder, "order.json.tmp"), "{");
  const worker = await startWorker();
  await worker.drain(0);
  expect(await worker.stopped).toBe(false);
  expect(await filesIn(own)).toEqual(["photos/one.jpg", markerFile].toSorted());
  expect(await leftIn(own)).toEqual(["photos"]);
});

test("what a former version has left directly in WORK_DIR is taken over, and ends as it would have", async () => {
  await fillHome();
  const before = await picture();
  const [running, cancelled, retained] = [order(), order(), order()];
  // Submitted by a control plane that makes ids of its own.
  const foreign = { ...order(), jobId: "night-1" };
  for (const one of [running, cancelled, foreign]) await journalAt(workDir, one.jobId).order(one);
  await journalAt(workDir, cancelled.jobId).cancelled();
  const retainedHere = join(workDir, retainedFolder, retained.jobId);
  await mkdir(join(retainedHere, "output"), { recursive: true });
  const keptAt = Date.now();
  const text = { entries: [], generation: "", delivered: [], uploads: [], order: orderToJson(retained), keptAt };
  await writeFile(join(retainedHere, "kept.json"), JSON.stringify(text));

  await using _worker = await startWorker();
  const records = makeRecords({ storage: localStorage({ root: join(workDir, "outputs") }), prefix: ".flux/jobs" });
  const endOf = async ({ jobId }: { jobId: string }) =>
    (await records.read(jobId, AbortSignal.timeout(120_000)))?.event.error?.kind;
  await eventually(async () => (await leftIn(own)).join() === retainedFolder, "the jobs have ended");
  expect(await endOf(running)).toBe("invalid");
  expect(await endOf(cancelled)).toBe("cancelled");
  expect(await endOf(foreign)).toBe("invalid");
  expect(await readdir(join(own, retainedFolder))).toEqual([retained.jobId]);
  const after = (await picture()).filter((line) => !line.includes("/outputs/.flux"));
  const unmoved = (lines: string[]) => lines.filter((line) => !/\/(outputs|undelivered) /.test(line));
  expect(unmoved(after)).toEqual(unmoved(before));
});

test("a worker of a former version that still runs keeps its jobs", async () => {
  const running = order();
  await journalAt(workDir, running.jobId).order(running);
  const claim = Bun.listen({ unix: join(workDir, ".worker.sock"), socket: { data() {} } });
  expect(await rejection(startWorker())).toMatchObject({ fields: [{ field: "WORK_DIR" }] });
  expect(await readdir(workDir)).toContain(running.jobId);
  claim.stop(true);
  await using _worker = await startWorker();
  expect(await readdir(workDir)).not.toContain(running.jobId);
});

test.each(["LOCAL_ROOT", "PRESETS_DIR"])("%s in the worker's own folder is refused by its name", async (setting) => {
  expect(await rejection(startWorker({ [setting]: join(own, "mine") }))).toMatchObject({
    fields: [{ field: setting }],
  });
  await mkdir(own);
  await symlink(own, join(folder.path, "link"));
  const linked = startWorker({ [setting]: join(folder.path, "link") });
  expect(await rejection(linked)).toMatchObject({ kind: "invalid", fields: [{ field: setting }] });
  expect(await readdir(own)).toEqual([]);
});

test.each([
  ["a folder of somebody else", async () => void (await mkdir(join(own, "photos"), { recursive: true }))],
  ["a file", () => writeFile(own, "")],
  ["a link", () => symlink(import.meta.dir, own)],
])("%s in place of the worker's own folder is refused with 78, and left as it is", async (_, make) => {
  await make();
  const before = await readdir(workDir);
  const starting = startProcess({ port: await freePort(), home: folder.path, WORK_DIR: workDir });
  expect(await outcome(starting)).toThrow(`WORK_DIR: ${own}`);
  expect(await readdir(workDir)).toEqual(before);
  expect(await rejection(startWorker())).toMatchObject({ kind: "invalid" });
});

test("an own folder whose marker was cleaned away goes on when all in it is a worker's", async () => {
  const left = order();
  const journal = journalAt(own, left.jobId);
  await journal.order(left);
  await using _worker = await startWorker();
  await eventually(async () => (await leftIn(own)).length === 0, "the job has ended");
  expect(await readdir(own)).toEqual([markerFile]);
});

test("a former version finds nothing in WORK_DIR that it would remove, and the job goes on when this one is back", async () => {
  const left = order();
  await journalAt(own, left.jobId).order(left);
  // It removes folders whose names could be job ids.
  expect((await readdir(workDir)).filter((name) => /^[A-Za-z0-9_-]{1,64}$/.test(name))).toEqual([]);
  // By hand it can be given the jobs, as docs/operations.md says, and they come back by themselves.
  await rename(join(own, left.jobId), join(workDir, left.jobId));
  await using _worker = await startWorker();
  await eventually(async () => (await leftIn(own)).length === 0, "the job has ended");
  expect(await readdir(workDir)).not.toContain(left.jobId);
});
