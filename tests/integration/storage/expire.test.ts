import { describe, expect, test } from "bun:test";
import { claimKeyOf, makeClaims } from "#shared/claims.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { waitingId } from "#shared/job/id.ts";
import { makeHandOvers } from "#shared/queue/hand-overs.ts";
import { makeRecords } from "#shared/records.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { s3Storage } from "#shared/storage/s3/s3-storage.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { anOrder } from "#tests/support/orders.ts";
import { rejection } from "#tests/support/outcome.ts";
import { startS3Front } from "#tests/support/s3-front.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { filesIn, temporaryFolder } from "#tests/support/service.ts";

const prefix = ".flux/jobs";
const secret = "a secret of 16 letters";
const signal = AbortSignal.timeout(120_000);
const dayMs = 86_400_000;
const now = Date.parse("2026-06-30T12:00:00Z");
const retention = { by: "a worker", keptMs: 30 * dayMs };
const object = { key: "films/a.mp4", bytes: 1, sha256: "0".repeat(64) };

type Opened = { storage: Storage; keys(): Promise<string[]> } & AsyncDisposable;

async function folder(): Promise<Opened> {
  const { path, [Symbol.asyncDispose]: dispose } = await temporaryFolder();
  return { storage: localStorage({ root: path }), keys: () => filesIn(path), [Symbol.asyncDispose]: dispose };
}
async function s3(): Promise<Opened> {
  await using stack = new AsyncDisposableStack();
  const { options, keys } = stack.use(await startS3Server());
  // It decides on conditional puts.
  const { url: endpoint } = stack.use(await startS3Front(options.endpoint ?? ""));
  const opened = stack.move();
  return {
    storage: s3Storage({ ...options, endpoint }),
    keys: async () => (await keys()).sort(),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const recordsOf = (storage: Storage) =>
  makeRecords({ storage, prefix, claimKeyOf: claimKeyOf(secret), now: () => now });

type Past = { madeDaysAgo: number; endedDaysAgo?: number };

/** A job with all that it leaves beside its record. */
async function aJob(storage: Storage, { madeDaysAgo, endedDaysAgo }: Past) {
  const jobId = waitingId(Bun.randomUUIDv7("hex", now - madeDaysAgo * dayMs));
  const order = { ...anOrder({ jobId, idempotencyKey: jobId, tenant: "acme" }), queueAddress: "w:1" };
  const asked = { tenant: "acme", idempotencyKey: jobId, orderHash: new Uint8Array() };
  await makeClaims({ storage, prefix, secret, now: () => now }).make({ ...asked, jobId, claim: 1 }, signal);
  const handOvers = makeHandOvers({ storage, prefix, now: () => now });
  await handOvers.claim(jobId, { number: 1, address: "w:1", admission: "a" }, signal);
  const at = (daysAgo: number) => new Date(now - daysAgo * dayMs).toISOString();
  const running: JobEvent = { jobId, sequence: 1, attempt: 1, status: "processing", timestamp: at(madeDaysAgo) };
  await recordsOf(storage).write({ order, event: running }, signal);
  if (endedDaysAgo === undefined) return jobId;
  await handOvers.claimEnd(jobId, { by: "worker", admission: "a", number: 1 }, signal);
  const event: JobEvent = { ...running, sequence: 9, status: "completed", timestamp: at(endedDaysAgo) };
  await recordsOf(storage).write({ order, event, objects: [object] }, signal);
  return jobId;
}

describe.each([
  ["a folder", folder],
  ["S3", s3],
])("in %s", (_, open) => {
  test("jobs that ended longer ago are forgotten, and nothing else is", async () => {
    await using opened = await open();
    const { storage } = opened;
    const kept = [
      await aJob(storage, { madeDaysAgo: 1, endedDaysAgo: 1 }),
      await aJob(storage, { madeDaysAgo: 29, endedDaysAgo: 29 }),
      await aJob(storage, { madeDaysAgo: 400, endedDaysAgo: 2 }),
      await aJob(storage, { madeDaysAgo: 400 }),
    ];
    const write = (key: string) => storage.write(key, "text", headersFor(key), signal);
    for (const key of ["films/a.mp4", `${prefix}/paths/a.json`, `${prefix}/2025-01-01/notes.txt`]) await write(key);
    await write(`${prefix}/2025-01-01/1f2e3d4c-damaged.json`);
    const before = await opened.keys();

    const old = [
      await aJob(storage, { madeDaysAgo: 31, endedDaysAgo: 31 }),
      ...(await Promise.all(Array.from({ length: 20 }, () => aJob(storage, { madeDaysAgo: 400, endedDaysAgo: 399 })))),
    ];
    await write(`${prefix}/outcomes/swept/2025-01-01`);
    expect(await recordsOf(storage).expire(retention, signal)).toBe(old.length);
    const claimed = `${prefix}/outcomes/expired/2026-06-30`;
    expect(await opened.keys()).toEqual([...before, claimed].sort());
    for (const jobId of kept) expect(await recordsOf(storage).read(jobId, signal)).toBeDefined();
  });

  test("one of those who try does it a day, and another goes on when it is stopped", async () => {
    await using opened = await open();
    const { storage } = opened;
    for (let count = 0; count < 10; count += 1) await aJob(storage, { madeDaysAgo: 40, endedDaysAgo: 40 });
    const stopping = new AbortController();
    let removed = 0;
    const remove: Storage["remove"] = async (key, over) => {
      removed += 1;
      if (removed === 5) stopping.abort(new Error("the worker stops"));
      await storage.remove(key, over);
    };
    const stopped = recordsOf({ ...storage, remove }).expire(retention, stopping.signal);
    expect(String(await rejection(stopped))).toContain("the worker stops");

    const expire = (by: string) => recordsOf(storage).expire({ ...retention, by }, signal);
    const counts = await Promise.all(["a", "b", "c"].map(expire));
    const [count = 0, ...more] = counts.filter((count) => count !== undefined);
    expect([count > 0, more]).toEqual([true, []]);
    expect((await opened.keys()).filter((key) => /\/\d{4}-\d\d-\d\d\/|claims/.test(key))).toEqual([]);
  });
});
