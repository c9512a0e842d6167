import { afterAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { makeLog } from "#shared/log.ts";
import { makeRecords } from "#shared/records.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { anOrder } from "#tests/support/orders.ts";
import { makeJob } from "#worker/job/job.ts";
import { journalAt } from "#worker/journal/journal.ts";
import { type AttemptDeps, runAttempt } from "#worker/run/attempt.ts";

const workDir = await mkdtemp(join(tmpdir(), "flux-attempt-"));
afterAll(() => rm(workDir, { recursive: true }));

test("a cancel is the outcome even where a step only says that it was aborted", async () => {
  const order = anOrder();
  const journal = journalAt(workDir, order.jobId);
  await journal.order(order);
  const job = makeJob(order, journal);
  const tools: AttemptDeps = {
    retainOrDiscard: async (_, fault) => fault,
    records: makeRecords({ storage: localStorage({ root: workDir }), prefix: "records" }),
    now: Date.now,
    log: makeLog("test", { level: "silent" }),
  };
  const ending = runAttempt(
    job,
    1,
    () => wait(60_000, { status: "completed" } as const, { signal: job.signal }),
    tools,
  );
  await job.cancel();
  expect(await ending).toMatchObject({ status: "cancelled", error: { kind: "cancelled" } });
});
