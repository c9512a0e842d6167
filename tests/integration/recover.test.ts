import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type JobEvent, sequenceBefore } from "#shared/job/event.ts";
import { type Order, orderToJson } from "#shared/job/order.ts";
import { makeLog } from "#shared/log.ts";
import { makeRecords } from "#shared/records.ts";
import type { StorageName } from "#shared/storage/kinds.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { startHangingPort } from "#tests/support/fake-worker.ts";
import { anOrder } from "#tests/support/orders.ts";
import { rejection } from "#tests/support/outcome.ts";
import { loopback } from "#tests/support/processes.ts";
import { eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { readConfig } from "#worker/config.ts";
import { type Journal, journalAt, retainedFolder } from "#worker/journal/journal.ts";
import { start } from "#worker/start.ts";
import { ownFolder } from "#worker/work-dir/open-work-dir.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let workDir: string;
/** The worker's own folder in it. */
let own: string;
let inputUrl = "http://127.0.0.1:9/nothing.mp4";
beforeEach(async () => {
  folder = await temporaryFolder();
  workDir = join(folder.path, "work");
  own = join(workDir, ownFolder);
});
afterEach(() => folder[Symbol.asyncDispose]());

const signal = AbortSignal.timeout(120_000);
const out = () => join(folder.path, "out");
const records = () => makeRecords({ storage: localStorage({ root: out() }), prefix: ".flux/jobs" });

const order = (storage: StorageName = "local") => anOrder({ inputUrl, preset: "720p_h264", output: { storage } });
const endOf = ({ jobId }: Order, status: JobEvent["status"]): JobEvent => ({
  ...{ jobId, sequence: 7, attempt: 1, status },
  timestamp: new Date().toISOString(),
});
const publishing = { puts: [], url: "s3://gone/a.mp4", files: 0, bytes: 0, stale: [] };

/** What a worker makes of a job's folder, as its record tells. */
async function taken(write: (journal: Journal, order: Order) => Promise<unknown>, storage?: StorageName) {
  const accepted = order(storage);
  const journal = journalAt(own, accepted.jobId);
  await journal.order(accepted);
  await write(journal, accepted);
  await using _worker = await startWorker();
  await eventually(async () => (await filesIn(journal.folder)).length === 0, "the folder is gone");
  return (await records().read(accepted.jobId, signal))?.event;
}

async function startWorker(more = {}) {
  const env = { GRPC_PORT: "0", WORK_DIR: workDir, LOCAL_ROOT: out(), ALLOWED_PRIVATE_CIDRS: loopback, ...more };
  const log = makeLog("test", { level: "silent" });
  const worker = await start(readConfig({ ...env, AUTO_STOP: "false" }), { log });
  return { ...worker, [Symbol.asyncDispose]: () => worker.drain(0) };
}

test.each(["local", "s3"] as const)(
  "a cancelled job ends as cancelled, be its storage %s configured or not",
  async (storage) => {
    for (const more of [() => {}, (journal: Journal) => journal.drained()]) {
      const end = await taken(async (journal) => {
        await journal.cancelled();
        await more(journal);
      }, storage);
      expect(end).toMatchObject({ status: "cancelled", error: { kind: "cancelled" } });
    }
  },
);

test.each([
  ["before", async () => {}],
  ["after", (journal: Journal) => journal.publishing(publishing)],
])("a job whose storage is configured no more fails, cut off %s its commit", async (_, write) => {
  expect(await taken(write, "s3")).toMatchObject({ status: "failed", error: { kind: "delivery_failed" } });
});

test("a job that had ended keeps its end, whatever else is there", async () => {
  for (const status of ["completed", "failed", "cancelled"] as const) {
    const end = await taken(async (journal, order) => {
      await journal.cancelled();
      await journal.publishing(publishing);
      await journal.drained();
      await journal.end(endOf(order, status));
    });
    expect(end).toMatchObject({ status, sequence: 7, attempt: 1 });
  }
});

test("a job whose end only the record holds ends the same again", async () => {
  const end = await taken((_, order) => records().write({ order, event: endOf(order, "completed") }, signal));
  expect(end).toMatchObject({ status: "completed", attempt: 2, sequence: sequenceBefore(2) + 1 });
});

test("a committed job is not taken for cancelled, and a file that was lost fails it", async () => {
  const put = { name: "output.mp4", key: "a.mp4", bytes: 1, sha256: "0" };
  const end = await taken((journal) => journal.publishing({ ...publishing, puts: [put] }));
  expect(end).toMatchObject({ status: "failed", error: { kind: "delivery_failed" } });
});

/** A job that died after its commit, its output in a folder, to be shown as `key`. */
const committed = (key: string, folderOf: (journal: Journal, order: Order) => string) => {
  const put = { name: "output.mp4", key, bytes: 4, sha256: Bun.SHA256.hash("film", "hex") };
  const undelivered = { entries: ["output.mp4"], generation: "", delivered: [], uploads: [key] };
  return async (journal: Journal, order: Order) => {
    const output = folderOf(journal, order);
    await mkdir(output, { recursive: true });
    await writeFile(join(output, put.name), "film");
    await journal.publishing({ ...publishing, puts: [put], files: 1, bytes: 4, undelivered });
  };
};
const retainedOf = ({ jobId }: Order) => join(own, retainedFolder, jobId);

test("a committed job that still cannot be delivered keeps its output for a retry", async () => {
  await mkdir(out());
  await writeFile(join(out(), "taken"), "a file where a folder is to be");
  let retained = "";
  const end = await taken(async (journal, order) => {
    retained = retainedOf(order);
    await committed("taken/a.mp4", () => journal.outputDir)(journal, order);
  });
  expect(end).toMatchObject({ status: "failed", error: { kind: "delivery_failed" } });
  expect(await filesIn(retained)).toEqual(["kept.json", "output/output.mp4"]);
});

test("a committed job whose file was lost or changed keeps nothing that a retry would deliver", async () => {
  const end = await taken(async (journal, order) => {
    await committed("a.mp4", () => journal.outputDir)(journal, order);
    await writeFile(join(journal.outputDir, "output.mp4"), "fi");
  });
  expect(end).toMatchObject({ status: "failed", error: { message: expect.not.stringContaining("retry") } });
  expect(await filesIn(join(own, retainedFolder))).toEqual([]);
});

test("a job that died while its output was put aside goes on with it", async () => {
  const write = committed("a.mp4", (_, order) => join(retainedOf(order), "output"));
  expect(await taken(write)).toMatchObject({ status: "completed" });
  expect(await Bun.file(join(out(), "a.mp4")).text()).toBe("film");
  expect(await filesIn(join(own, retainedFolder))).toEqual([]);
});

test("crashes count, and drains do not", async () => {
  await using sources = serveFiles({});
  inputUrl = sources.url("nothing.mp4");
  const crashed = { attempt: 3, crashes: 2 };
  expect(await taken((journal) => journal.attempt(crashed))).toMatchObject({
    attempt: 4,
    error: { kind: "worker_lost" },
  });
  const drained = async (journal: Journal) => {
    await journal.attempt(crashed);
    await journal.drained();
  };
  expect(await taken(drained)).toMatchObject({ attempt: 4, error: { kind: "source_failed" } });
});

test.each([
  ["order.json", '{"job_id":"1f2e3d4c-'],
  ["end.json", "{"],
  ["publishing.json", ""],
])("a torn %s harms no other job", async (name, text) => {
  const torn = journalAt(own, order().jobId);
  await torn.order(order());
  await writeFile(join(torn.folder, name), text);
  await mkdir(join(workDir, "lost+found"));
  const end = await taken((journal, order) => journal.end(endOf(order, "completed")));
  expect(end).toMatchObject({ status: "completed" });
  expect(await Bun.file(join(workDir, "lost+found", "kept")).exists()).toBe(false);
});

test("a worker answers before a storage that hangs lets it give up what it has kept for too long", async () => {
  using hanging = await startHangingPort();
  const retained = { entries: [], generation: "", delivered: [], uploads: ["a.ts"], order: orderToJson(order("ftp")) };
  const folder = join(own, retainedFolder, retained.order.job_id);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "kept.json"), JSON.stringify({ ...retained, keptAt: 0 }));
  const FTP_PORT = hanging.address.split(":")[1];
  await using _worker = await startWorker({ FTP_HOST: "127.0.0.1", FTP_PORT, FTP_SECURE: "none" });
  expect(await filesIn(folder)).toEqual(["kept.json"]);
  await eventually(() => hanging.connections() > 0, "what it kept is being given up");
  // Less than it waits for such a storage.
});

test("a work directory that cannot be written to is named as the mistake", async () => {
  await writeFile(workDir, "a file where the folder should be");
  expect(await rejection(startWorker())).toMatchObject({
    kind: "invalid",
    message: expect.stringContaining("WORK_DIR"),
  });
});
