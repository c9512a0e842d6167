import { expect, test } from "bun:test";
import { join } from "node:path";
import { makeClaims } from "#shared/claims.ts";
import { decidingStorages, onDisk } from "#tests/support/deciding-storages.ts";
import { rejection } from "#tests/support/outcome.ts";
import { filesIn } from "#tests/support/service.ts";

const signal = new AbortController().signal;
const options = { prefix: ".flux/jobs", secret: "of 16 characters", now: Date.now };
const asked = { tenant: "acme", idempotencyKey: "order-1", orderHash: new Uint8Array([1, 2, 3]) };

test.each(decidingStorages)("of all workers that claim a key at once one gets it, %s", async (_, open) => {
  await using place = await open();
  const workers = [makeClaims({ ...place, ...options }), makeClaims({ ...place, ...options })];
  const tries = Array.from({ length: 10 }, (_, n) =>
    workers[n % 2]?.make({ ...asked, jobId: `job-${n}`, claim: 1 }, signal).then(() => `job-${n}`),
  );
  const outcomes = await Promise.allSettled(tries);
  const winners = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  expect(winners.length).toBe(1);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ kind: "conflict" });
  }
  for (const worker of workers)
    expect(await worker.find(asked, signal)).toEqual({ number: 1, jobId: winners[0] ?? "", sameOrder: true });
});

test("the newest claim is the one that is found, and tells whether the order is the same", async () => {
  await using place = await onDisk();
  const claims = makeClaims({ ...place, ...options });
  expect(await claims.find(asked, signal)).toBeUndefined();
  for (let claim = 1; claim <= 11; claim += 1) await claims.make({ ...asked, jobId: `job-${claim}`, claim }, signal);
  expect(await claims.find(asked, signal)).toEqual({ number: 11, jobId: "job-11", sameOrder: true });
  const another = await claims.find({ ...asked, orderHash: new Uint8Array([4]) }, signal);
  expect(another).toEqual({ number: 11, jobId: "job-11", sameOrder: false });
});

test("a job that is submitted again cannot take its own claim for a new one", async () => {
  await using place = await onDisk();
  const claim = { ...asked, jobId: "job", claim: 1 };
  await makeClaims({ ...place, ...options }).make(claim, signal);
  const again = makeClaims({ ...place, ...options }).make(claim, signal);
  expect(await rejection(again)).toMatchObject({ kind: "conflict", fields: [{ field: "Idempotency-Key" }] });
});

test("the folder of a key's claims is named by what keyOf tells", async () => {
  await using place = await onDisk();
  const claims = makeClaims({ ...place, ...options });
  await claims.make({ ...asked, jobId: "job", claim: 1 }, signal);
  expect(await filesIn(place.path)).toEqual([`.flux/jobs/claims/${claims.keyOf(asked)}/1.json`]);
  expect(claims.keyOf({ ...asked, tenant: "other" })).not.toBe(claims.keyOf(asked));
});

test("who asks while a claim is being made hears of it", async () => {
  await using place = await onDisk();
  const claims = makeClaims({ ...place, ...options });
  const making = claims.make({ ...asked, jobId: "job", claim: 1 }, signal);
  expect(await claims.find(asked, signal)).toMatchObject({ jobId: "job" });
  await making;
});

test("every tenant has keys of its own, and a key is not to be read in the storage", async () => {
  await using place = await onDisk();
  const claims = makeClaims({ ...place, ...options });
  await claims.make({ ...asked, jobId: "job-1", claim: 1 }, signal);
  await claims.make({ ...asked, tenant: "other", jobId: "job-2", claim: 1 }, signal);
  await makeClaims({ ...place, ...options, secret: "" }).make({ ...asked, jobId: "job-3", claim: 1 }, signal);
  const files = await filesIn(place.path);
  expect(files.length).toBe(3);
  const texts = await Promise.all(files.map((file) => Bun.file(join(place.path, file)).text()));
  expect([...files, ...texts].join("\n")).not.toMatch(/order-1|acme|010203/);
});

test("a storage where two may create the same says that it cannot keep claims", async () => {
  await using place = await onDisk();
  const { create: _, ...storage } = place.storage;
  const claims = makeClaims({ ...options, storage });
  const refusal = { kind: "invalid", fields: [{ field: "Idempotency-Key" }] };
  expect(await rejection(claims.find(asked, signal))).toMatchObject(refusal);
  expect(await rejection(claims.make({ ...asked, jobId: "job", claim: 1 }, signal))).toMatchObject(refusal);
});
