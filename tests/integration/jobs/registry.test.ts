import { expect, test } from "bun:test";
import { makeSemaphore } from "#shared/async/semaphore.ts";
import { Fault } from "#shared/fault.ts";
import { makeLog } from "#shared/log.ts";
import { makeHandOvers } from "#shared/queue/hand-overs.ts";
import { makeRecords } from "#shared/records.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { noSpans } from "#shared/tracing/trace.ts";
import { anOrder } from "#tests/support/orders.ts";
import { rejection } from "#tests/support/outcome.ts";
import { eventually, temporaryFolder } from "#tests/support/service.ts";
import type { Job } from "#worker/job/job.ts";
import { plainStep } from "#worker/job/steps.ts";
import { makeRegistry } from "#worker/jobs/registry.ts";
import { journalAt } from "#worker/journal/journal.ts";

const order = anOrder();
const { jobId } = order;

async function startRegistry(more: Partial<Parameters<typeof makeRegistry>[0]> = {}) {
  const folder = await temporaryFolder();
  const slots = makeSemaphore(1);
  const registry = makeRegistry({
    workDir: folder.path,
    slots,
    records: makeRecords({ storage: localStorage({ root: folder.path }), prefix: "records" }),
    work: async () => ({ status: "completed" }),
    step: plainStep,
    trace: noSpans,
    notify: async () => {},
    ended() {},
    pricePerHour: undefined,
    retainOrDiscard: async (_, fault) => fault,
    handOvers: makeHandOvers({ storage: localStorage({ root: folder.path }), prefix: "records", now: Date.now }),
    ends: { complete: async () => undefined },
    discardUploads: async () => {},
    now: Date.now,
    log: makeLog("test", { level: "silent" }),
    activity: { busy() {}, idle() {} },
    ...more,
  });
  return { ...folder, slots, registry };
}

test("whether a job is here is not answered while it is being accepted", async () => {
  await using started = await startRegistry();
  const { registry } = started;
  const claim = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const submitting = registry.submit(order, () => {
    begun.resolve();
    return claim.promise;
  });
  await begun.promise;
  const finding = registry.findAccepted(jobId);
  expect(registry.find(jobId)?.feed.latest).toBeUndefined();
  claim.resolve();
  expect((await finding)?.feed.latest).toBeDefined();
  await submitting;
  await registry.drain(5_000);
});

test("a job that does not get its claim is not accepted, and its slot is free again", async () => {
  await using started = await startRegistry();
  const { registry, slots } = started;
  const refused = registry.submit(order, async () => {
    throw new Fault("conflict", "taken");
  });
  expect(await rejection(refused)).toMatchObject({ kind: "conflict" });
  expect([slots.inUse, await registry.findAccepted(jobId)]).toEqual([0, undefined]);
  await registry.submit(order);
  await registry.drain(5_000);
});

test("a job that ended so long ago that it is forgotten does not run again", async () => {
  let runs = 0;
  const work = async () => {
    runs += 1;
    return { status: "completed" } as const;
  };
  // Long before the jobs, so that nothing but the forgetting tells.
  await using started = await startRegistry({ work, now: () => Date.now() - 60_000 });
  const { registry } = started;
  const never = new AbortController().signal;
  const jobs = Array.from({ length: 110 }, () => ({ ...order, jobId: `1f2e3d4c-${Bun.randomUUIDv7()}` }));
  for (const job of jobs) await Array.fromAsync((await registry.submit(job)).follow(0, never));
  await registry.drain(5_000);

  const [first = order] = jobs;
  expect(registry.find(first.jobId)).toBeUndefined();
  const again = await registry.submit(first);
  expect(again.latest).toMatchObject({ jobId: first.jobId, status: "completed" });
  expect(runs).toBe(110);
});

const found = { order, attempt: 2, usage: undefined, isCommitted: false };

test("a job that was being published is too late for a cancel while it waits to go on", async () => {
  await using started = await startRegistry();
  const { registry, slots, path } = started;
  const turn = Promise.withResolvers<Disposable>();
  const journal = journalAt(path, jobId);
  await journal.order(order);
  const over = registry.resume({
    ...{ ...found, journal, isCommitted: true, ready: () => turn.promise },
    work: async () => ({ status: "completed" }),
  });
  expect(await rejection(registry.find(jobId)?.cancel())).toMatchObject({ kind: "conflict" });
  turn.resolve(await slots.acquire());
  await over;
  expect(registry.find(jobId)?.feed.latest).toMatchObject({ status: "completed" });
});

test("a job whose turn comes after the stop is left as it was found", async () => {
  await using started = await startRegistry();
  const { registry, slots, path } = started;
  const turn = Promise.withResolvers<Disposable>();
  const journal = journalAt(path, jobId);
  await journal.order(order);
  let begun = 0;
  const work = async () => {
    begun += 1;
    return { status: "completed" } as const;
  };
  const over = registry.resume({ ...found, journal, work, ready: () => turn.promise });
  registry.close();
  turn.resolve(await slots.acquire());
  await over;
  expect([begun, slots.inUse]).toEqual([0, 0]);
  expect(await journal.read()).toMatchObject({ attempt: { attempt: 1, crashes: 0 }, isDrained: false });
});

test("a job that is cancelled while it waits to go on ends at once, and leaves the slot to others", async () => {
  await using started = await startRegistry();
  const { registry, slots, path } = started;
  const turn = Promise.withResolvers<Disposable>();
  const journal = journalAt(path, jobId);
  await journal.order(order);
  const work = async ({ signal }: Job) => {
    signal.throwIfAborted();
    return { status: "completed" } as const;
  };
  const over = registry.resume({ ...found, journal, work, ready: () => turn.promise });
  await registry.find(jobId)?.cancel();
  await over;
  expect(registry.find(jobId)?.feed.latest).toMatchObject({ status: "cancelled", attempt: 2 });
  turn.resolve(await slots.acquire());
  await eventually(() => slots.inUse === 0, "the slot is given back");
});

test("the slot of a cancelled job is free while the storage still removes what the job had uploaded", async () => {
  const [begun, removed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await using started = await startRegistry({
    work: ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    retainOrDiscard: async (_, fault) => {
      begun.resolve();
      await removed.promise;
      return fault;
    },
  });
  const { registry, slots } = started;
  await registry.submit(order);
  expect(slots.inUse).toBe(1);
  await registry.find(jobId)?.cancel();
  await begun.promise;
  expect(slots.inUse).toBe(0);
  expect(registry.find(jobId)?.feed.latest).toMatchObject({ status: "queued" });
  removed.resolve();
  await registry.drain(5_000);
});

test("webhooks that a stop leaves to the next process do not end this one", async () => {
  const tries = Promise.withResolvers<void>();
  const unhandled: unknown[] = [];
  const hear = (reason: unknown) => void unhandled.push(reason);
  process.on("unhandledRejection", hear);
  await using started = await startRegistry({
    notify: async () => {
      tries.resolve();
      throw new Error("neither receiver nor storage");
    },
  });
  const { registry, path } = started;
  const told = { ...order, callbackUrl: "https://example.com/hook", callbackEvents: ["processing"] };
  const journal = journalAt(path, jobId);
  const event = { jobId, attempt: 1, timestamp: new Date().toISOString() };
  await journal.order(told);
  await journal.webhookQueued({ ...event, sequence: 2, status: "processing" });
  const over = registry.finish(told, journal, { ...event, sequence: 3, status: "completed" });
  await tries.promise;
  registry.close();
  await over;
  // Rejections that nobody handles are told of once all that was ready has run.
  await new Promise<void>((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", hear);
  expect(unhandled).toEqual([]);
  expect(await journal.read()).toBeDefined();
});
