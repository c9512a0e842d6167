import { expect, test } from "bun:test";
import type { JobEvent } from "#shared/job/event.ts";
import { waitingId } from "#shared/job/id.ts";
import { makeHandOvers, type QueueEnd } from "#shared/queue/hand-overs.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { decidingStorages, onDisk } from "#tests/support/deciding-storages.ts";
import { rejection } from "#tests/support/outcome.ts";
import { filesIn } from "#tests/support/service.ts";

const signal = AbortSignal.timeout(100_000);
const options = { prefix: ".flux/jobs", now: Date.now };
const anId = () => waitingId(Bun.randomUUIDv7());
const handOver = (admission: string) => ({ number: 1, address: "worker:1", admission });
const endBy = (by: QueueEnd["by"], admission: string) => ({ by, admission, number: 1 });
const finalEvent = (jobId: string): JobEvent => ({
  ...{ jobId, sequence: 9, attempt: 1, status: "failed", timestamp: "2026-01-01T00:00:00.000Z" },
  error: { kind: "timeout", message: "nobody took it" },
});

/** Loses the answer of each first `create` of a key: the object is there all the same. */
function withLostAnswers(storage: Storage): Storage {
  const lost = new Set<string>();
  return {
    ...storage,
    async create(...args) {
      const isThere = await storage.create?.(...args);
      if (lost.has(args[0]) || args[0].endsWith("created-once.json")) return isThere ?? false;
      lost.add(args[0]);
      throw new Error("the connection broke");
    },
  };
}

test.each(decidingStorages)(
  "of all who claim one hand-over, or one end, at once only one gets it, %s",
  async (_, open) => {
    await using place = await open();
    const [one, two] = [makeHandOvers({ ...place, ...options }), makeHandOvers({ ...place, ...options })];
    const jobId = anId();
    const names = Array.from({ length: 10 }, (_, n) => `admission-${n}`);
    const claims = await Promise.all(names.map((name, n) => (n % 2 ? one : two).claim(jobId, handOver(name), signal)));
    const [winner = ""] = names.filter((_, n) => claims[n]);
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await one.readClaim(jobId, 1, signal)).toEqual(handOver(winner));
    expect(await one.readClaim(jobId, 2, signal)).toBeUndefined();

    expect(await one.readEnd(jobId, signal)).toBeUndefined();
    const by = (n: number) => (n % 2 ? "worker" : "control-plane");
    const ends = await Promise.all(
      names.map((name, n) => (n % 2 ? one : two).claimEnd(jobId, endBy(by(n), name), signal)),
    );
    const winners = names.filter((_, n) => ends[n] === undefined);
    expect(winners).toHaveLength(1);
    for (const end of ends.filter((end) => end !== undefined))
      expect(end).toMatchObject({ admission: winners[0] ?? "" });
  },
);

test.each(decidingStorages)(
  "who did not hear that it got a claim still has it, and nobody else, %s",
  async (_, open) => {
    await using place = await open();
    const losing = makeHandOvers({ storage: withLostAnswers(place.storage), ...options });
    const jobId = anId();
    await rejection(losing.claim(jobId, handOver("mine"), signal));
    expect(await losing.claim(jobId, handOver("other"), signal)).toBe(false);
    expect(await losing.claim(jobId, handOver("mine"), signal)).toBe(true);
    await rejection(losing.claimEnd(jobId, endBy("worker", "mine"), signal));
    expect(await losing.claimEnd(jobId, endBy("control-plane", "mine"), signal)).toMatchObject({ by: "worker" });
    expect(await losing.claimEnd(jobId, endBy("worker", "mine"), signal)).toBeUndefined();
  },
);

test.each(decidingStorages)("of all who fix the final event at once all get the same, %s", async (_, open) => {
  await using place = await open();
  const jobId = anId();
  const names = Array.from({ length: 8 }, (_, n) => `admission-${n}`);
  const fixed = await Promise.all(
    names.map((name, n) => {
      const end = { ...endBy(n % 2 ? "worker" : "control-plane", name), event: { ...finalEvent(jobId), sequence: n } };
      return makeHandOvers({ ...place, ...options }).fixEvent(jobId, end, signal);
    }),
  );
  for (const end of fixed) expect<unknown>(end).toEqual(fixed[0]);
  expect(await makeHandOvers({ ...place, ...options }).readEvent(jobId, signal)).toEqual(fixed[0]);
});

test("an end tells its event to everybody who finds it", async () => {
  await using place = await onDisk();
  const handOvers = makeHandOvers({ ...place, ...options });
  const jobId = anId();
  const end = { ...endBy("control-plane", "c"), event: finalEvent(jobId) };
  expect(await handOvers.claimEnd(jobId, end, signal)).toBeUndefined();
  expect(await handOvers.claimEnd(jobId, endBy("worker", "w"), signal)).toEqual(end);
  expect(await handOvers.readEnd(jobId, signal)).toEqual(end);
});

test("what lies there and is no claim is nobody's, and an event that is not this job's end is not taken", async () => {
  await using place = await onDisk();
  const handOvers = makeHandOvers({ ...place, ...options });
  const write = (jobId: string, name: string, text: string) => {
    const key = `.flux/jobs/claims/queue/${jobId}/${name}.json`;
    return place.storage.write(key, text, headersFor(key), signal);
  };
  for (const text of ["", "{", "[]", "null", '{"address":"a","number":2,"admission":"b"}', '{"number":1}']) {
    const jobId = anId();
    await write(jobId, "1", text);
    expect(await handOvers.readClaim(jobId, 1, signal)).toEqual({ number: 1, address: "", admission: "" });
    expect(await handOvers.claim(jobId, handOver("b"), signal)).toBe(false);
    await write(jobId, "end", text);
    expect(await handOvers.readEnd(jobId, signal)).toMatchObject({ by: "nobody" });
    expect(await handOvers.claimEnd(jobId, endBy("worker", "b"), signal)).toMatchObject({ by: "nobody" });
  }
  const [jobId, other] = [anId(), anId()];
  const runs = { ...finalEvent(jobId), status: "processing" };
  for (const event of [{ job_id: other, ...finalEvent(other) }, { job_id: jobId, ...runs }, "event", { job_id: 1 }]) {
    await write(jobId, "end", JSON.stringify({ ...endBy("control-plane", "c"), event }));
    expect(await handOvers.readEnd(jobId, signal)).toEqual(endBy("control-plane", "c"));
  }
});

test("no key is made of what is not the id of a job that has waited", async () => {
  await using place = await onDisk();
  const handOvers = makeHandOvers({ ...place, ...options });
  for (const jobId of ["../../secret", "1f2e3d4c-019a0000-0000-7000-8000-000000000000", "00000000-", ""]) {
    const wrong = { kind: "invalid" };
    expect(await rejection(handOvers.claim(jobId, handOver("a"), signal))).toMatchObject(wrong);
    expect(await rejection(handOvers.readEnd(jobId, signal))).toMatchObject(wrong);
  }
  expect(await filesIn(place.path)).toEqual([]);
});

test("a storage where two may create the same cannot decide who gets an order", async () => {
  await using place = await onDisk();
  const { create: _, ...storage } = place.storage;
  const handOvers = makeHandOvers({ storage, ...options });
  expect(await handOvers.canClaim(signal)).toBe(false);
  const refusal = { kind: "invalid", fields: [{ field: "queue_try" }] };
  expect(await rejection(handOvers.claim(anId(), handOver("a"), signal))).toMatchObject(refusal);
});
