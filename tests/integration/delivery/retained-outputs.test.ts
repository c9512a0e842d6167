import { expect, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import { makeLog } from "#shared/log.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { anOrder } from "#tests/support/orders.ts";
import { filesIn, temporaryFolder } from "#tests/support/service.ts";
import { makeRetainOrDiscard } from "#worker/delivery/retain-or-discard.ts";
import { makeRetainedOutputs } from "#worker/delivery/retained-outputs.ts";
import { makeJob } from "#worker/job/job.ts";
import { journalAt, retainedFolder } from "#worker/journal/journal.ts";

const undelivered = { entries: ["master.m3u8"], generation: "", delivered: [], uploads: ["a/segment.ts"] };
const refused = new Fault("delivery_failed", "the storage refused");

async function startRetaining(removeUploads = async () => {}) {
  const folder = await temporaryFolder();
  const workDir = join(folder.path, "work");
  const out = join(folder.path, "out");
  const retained = makeRetainedOutputs({ workDir, maxAgeMs: 60_000, maxBytes: 6, now: Date.now, removeUploads });
  const storages = new Map([["local", localStorage({ root: out })]] as const);
  const retainOrDiscard = makeRetainOrDiscard({ retained, storages, log: makeLog("test", { level: "silent" }) });
  /** A job whose media are in the storage, and its output on the disk. */
  const failing = async () => {
    const order = anOrder({ output: { path: "a/", type: "hls" } });
    const job = makeJob(order, journalAt(workDir, order.jobId));
    await job.journal.order(order);
    await job.journal.uploading("a/segment.ts");
    await mkdir(join(out, "a"), { recursive: true });
    await writeFile(join(out, "a/segment.ts"), "ts");
    await mkdir(job.journal.outputDir);
    await writeFile(join(job.journal.outputDir, "master.m3u8"), "m3u8");
    job.setUndelivered(async () => undelivered);
    return job;
  };
  return { ...folder, workDir, out, retained, retainOrDiscard, failing };
}

test("an output is kept although what makes room for it cannot be removed yet", async () => {
  await using started = await startRetaining(() => Promise.reject(refused));
  const [first, second] = [await started.failing(), await started.failing()];
  for (const job of [first, second])
    expect((await started.retainOrDiscard(job, refused)).message).toContain("retry the job");
  expect(await started.retained.has(second.order.jobId)).toBe(true);
  expect(await filesIn(started.out)).toEqual(["a/segment.ts"]);
});

test("when an output cannot be put aside, nothing says that it was, and what was uploaded goes", async () => {
  await using started = await startRetaining();
  const job = await started.failing();
  await job.journal.clear();
  expect(await started.retainOrDiscard(job, refused)).toBe(refused);
  expect(await filesIn(join(started.workDir, retainedFolder))).toEqual([]);
  expect(await filesIn(started.out)).toEqual([]);
});
