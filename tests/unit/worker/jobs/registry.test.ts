import { expect, test } from "bun:test";
import { Fault } from "#shared/fault.ts";
import type { Order } from "#shared/job/order.ts";
import { makeLog } from "#shared/log.ts";
import { makeRecords } from "#shared/records.ts";
import { localStorage } from "#shared/storage/local.ts";
import { noSpans } from "#shared/tracing/trace.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { makeRegistry } from "#worker/jobs/registry.ts";
import { plainStep } from "#worker/jobs/steps.ts";
import { makeSlots } from "#worker/slots.ts";

const jobId = `1f2e3d4c-${Bun.randomUUIDv7()}`;
const order: Order = {
  jobId,
  inputUrl: "https://example.com/source.mp4",
  preset: "tiny",
  output: { storage: "local", path: "a.mp4", type: "single", metadata: {}, publish: "atomic", overwrite: false },
  callbackEvents: [],
};

async function startRegistry() {
  const folder = await temporaryFolder();
  const slots = makeSlots(1);
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
    giveUp: async (_, fault) => fault,
    now: Date.now,
    log: makeLog("test", { level: "silent" }),
    activity: { busy() {}, idle() {} },
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
  await expect(refused).rejects.toMatchObject({ kind: "conflict" });
  expect([slots.taken, await registry.findAccepted(jobId)]).toEqual([0, undefined]);
  await registry.submit(order);
  await registry.drain(5_000);
});
