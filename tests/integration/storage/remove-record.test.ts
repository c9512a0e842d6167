import { expect, test } from "bun:test";
import { claimKeyOf, makeClaims } from "#shared/claims.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { waitingId } from "#shared/job/id.ts";
import type { Order } from "#shared/job/order.ts";
import { longOverMs } from "#shared/outcomes/remove-record.ts";
import { makeHandOvers } from "#shared/queue/hand-overs.ts";
import { makeRecords } from "#shared/records.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { pendingWebhooks } from "#shared/webhooks/pending.ts";
import { anOrder } from "#tests/support/orders.ts";
import { rejection } from "#tests/support/outcome.ts";
import { filesIn, temporaryFolder } from "#tests/support/service.ts";

const secret = "a secret of 16 letters";
const prefix = ".flux/jobs";
const signal = AbortSignal.timeout(60_000);
const object = { key: "films/a.mp4", bytes: 1, sha256: "0".repeat(64) };

type Ended = { by: "worker" | "control-plane"; agoMs: number };

/** A storage of records with all that an ended job may leave there. */
async function rig(orders: readonly Order[], { by, agoMs }: Ended) {
  const folder = await temporaryFolder();
  const storage = localStorage({ root: folder.path });
  const now = Date.now;
  const records = makeRecords({ storage, prefix, claimKeyOf: claimKeyOf(secret) });
  const claims = makeClaims({ storage, prefix, secret, now });
  const handOvers = makeHandOvers({ storage, prefix, now });
  const pending = pendingWebhooks({ storage, prefix });
  const write = (name: string, text: string) => storage.write(`${prefix}/${name}`, text, headersFor(name), signal);
  for (const order of orders) {
    const { jobId, idempotencyKey = "", tenant = "" } = order;
    const event: JobEvent = {
      ...{ jobId, sequence: 7, attempt: 1, status: "completed" },
      timestamp: new Date(Date.now() - agoMs).toISOString(),
    };
    const asked = { tenant, idempotencyKey, orderHash: new Uint8Array() };
    const number = ((await claims.find(asked, signal))?.number ?? 0) + 1;
    await claims.make({ ...asked, jobId, claim: number }, signal);
    await handOvers.claim(jobId, { number: 1, address: "w:1", admission: "a" }, signal);
    await handOvers.claimEnd(jobId, { by, admission: "a", number: 1 }, signal);
    const accepted = by === "worker" ? { ...order, queueAddress: "w:1" } : order;
    await records.write({ order: accepted, event: { ...event, status: "queued" } }, signal);
    await records.write({ order: accepted, event, objects: [object] }, signal);
    await pending.save({ ...aWebhook, id: `${jobId}-7`, job: jobId }, signal);
    await write(`pieces/${jobId}/1/a.ts`, "piece");
    await write(`${timeless(jobId)}/${jobId}.log`, "log");
    await write(`paths/${jobId}.json`, "{}");
  }
  return {
    ...{ storage, records, handOvers },
    keys: () => filesIn(folder.path),
    of: async (jobId: string) => (await filesIn(folder.path)).filter((file) => file.includes(jobId)),
    claimed: async () => (await filesIn(folder.path)).filter((file) => /\/claims\/[0-9a-f]{64}\//.test(file)),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  };
}

const timeless = (jobId: string) =>
  new Date(Number.parseInt(jobId.slice(9, 22).replace("-", ""), 16)).toISOString().slice(0, 10);
const aWebhook = { sequence: 7, url: "sealed", body: "{}", since: Date.now(), attempts: 1, tried: 0 };
const waiting = (idempotencyKey = "once") =>
  anOrder({ jobId: waitingId(Bun.randomUUIDv7()), idempotencyKey, tenant: "acme" });
const pathOf = ({ jobId }: Order) => `${prefix}/paths/${jobId}.json`;
const minute = 60_000;

test("nothing of a job is left but its claim on a path, and all of another one is", async () => {
  const [order, other] = [waiting("one"), waiting("other")];
  await using rigged = await rig([order, other], { by: "worker", agoMs: minute });
  const before = (await rigged.keys()).filter((key) => !key.includes(order.jobId));
  const claimed = await rigged.claimed();
  await rigged.records.remove(order.jobId, signal);
  const left = await rigged.keys();
  expect(await rigged.of(order.jobId)).toEqual([pathOf(order)]);
  expect(left.filter((key) => key !== pathOf(order) && !claimed.includes(key))).toEqual(
    before.filter((key) => !claimed.includes(key)),
  );
  expect(await rigged.claimed()).toHaveLength(1);
  expect(await rigged.records.read(order.jobId, signal)).toBeUndefined();
  expect(await rigged.records.read(other.jobId, signal)).toBeDefined();
});

test("wherever the storage fails, the record is still there, and another try leaves nothing", async () => {
  for (let failing = 1; ; failing += 1) {
    const order = waiting();
    await using rigged = await rig([order], { by: "worker", agoMs: minute });
    let calls = 0;
    const remove: Storage["remove"] = async (key, signal) => {
      calls += 1;
      if (calls === failing) throw new Error("the machine is gone");
      await rigged.storage.remove(key, signal);
    };
    const dying = makeRecords({ storage: { ...rigged.storage, remove }, prefix });
    const failure = await rejection(dying.remove(order.jobId, signal)).catch(() => undefined);
    if (calls < failing) {
      expect(failing).toBeGreaterThan(8);
      return;
    }
    expect(String(failure)).toContain("the machine is gone");
    expect(await rigged.records.read(order.jobId, signal)).toBeDefined();
    await rigged.records.remove(order.jobId, signal);
    expect(await rigged.of(order.jobId)).toEqual([pathOf(order)]);
  }
});

test("the newest claim on a key stays while its number could be used again, and goes later", async () => {
  for (const [agoMs, left] of [
    [minute, ["2.json"]],
    [longOverMs + minute, []],
  ] as const) {
    const [first, second] = [waiting(), waiting()];
    await using rigged = await rig([first, second], { by: "worker", agoMs });
    await rigged.records.remove(second.jobId, signal);
    expect((await rigged.claimed()).filter((key) => key.endsWith("/2.json")).map((key) => key.slice(-6))).toEqual([
      ...left,
    ]);
  }
});

test("who was given a job that a control plane has ended still finds that out, for three days", async () => {
  for (const [agoMs, left] of [
    [minute, 1],
    [longOverMs + minute, 0],
  ] as const) {
    const order = waiting();
    await using rigged = await rig([order], { by: "control-plane", agoMs });
    await rigged.records.remove(order.jobId, signal);
    const claims = (await rigged.of(order.jobId)).filter((key) => key.includes("/claims/queue/"));
    expect(claims).toHaveLength(left);
    expect(claims.every((key) => key.endsWith("/end.json"))).toBe(true);
  }
});

test("a worker that was taken for lost still finds that out, though the record of its job is removed", async () => {
  for (const [agoMs, left] of [
    [minute, ["end.json", "event.json"]],
    [longOverMs + minute, []],
  ] as const) {
    const order = waiting();
    const { jobId } = order;
    await using rigged = await rig([order], { by: "worker", agoMs });
    const record = await rigged.records.read(jobId, signal);
    const error = { kind: "worker_lost", message: "the job's worker is gone" } as const;
    const event = { ...(record?.event ?? { jobId, attempt: 1, timestamp: "" }), sequence: 8, error };
    const end = { by: "control-plane", admission: "c", number: 0, event: { ...event, status: "failed" } } as const;
    await rigged.handOvers.fixEvent(jobId, end, signal);
    if (record) await rigged.records.end(record, end.event, signal);
    await rigged.records.remove(jobId, signal);
    const claims = (await rigged.of(jobId)).filter((key) => key.includes("/claims/queue/"));
    expect(claims.map((key) => key.split("/").at(-1) ?? "").sort()).toEqual([...left]);
  }
});
