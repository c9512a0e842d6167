import { expect, test } from "bun:test";
import type { PublishedObject } from "#shared/job/published-object.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { anOrder } from "#tests/support/orders.ts";
import { rejection } from "#tests/support/outcome.ts";
import { checkedObjects } from "#worker/removal/checked-objects.ts";

const signal = new AbortController().signal;
const object = (key: string) => ({ key, bytes: 1, sha256: "0".repeat(64) });
const single = anOrder({ output: { path: "films/a.mp4" } });
const ladder = anOrder({ output: { path: "films/a/", type: "hls" } });

/** A storage that holds these keys. */
const holding = (...keys: string[]) =>
  ({
    stat: async (key: string) => (keys.includes(key) ? { bytes: 1 } : undefined),
    async *list(prefix: string) {
      yield* keys.filter((key) => key.startsWith(prefix));
    },
  }) as Partial<Storage> as Storage;

const check = (
  order: typeof single,
  listed: PublishedObject[] | "damaged" | undefined,
  { isCounted = true, storage = holding() } = {},
) => checkedObjects({ order, listed, isCounted, recordPrefix: ".flux/jobs" }, storage, signal);

test("what the list names is taken, each key once", async () => {
  const objects = [object("films/a.mp4"), object("films/a.jpg"), object("films/a.mp4")];
  expect([...(await check(single, objects)).keys()]).toEqual(["films/a.mp4", "films/a.jpg"]);
  expect([...(await check(ladder, [object("films/a/keys/1.key")])).keys()]).toEqual(["films/a/keys/1.key"]);
});

test.each([
  ["of another's folder", ladder, "films/b/0.ts"],
  ["that climbs out", ladder, "films/a/../b/0.ts"],
  ["beside a single file", single, "films/b.mp4"],
  ["of records", anOrder({ output: { path: ".flux/jobs/", type: "hls" } }), ".flux/jobs/paths/1.json"],
])("a key %s makes the list one that somebody has damaged", async (_, order, key) => {
  const storage = holding(order.output.path, `${order.output.path}0.ts`);
  const refused = await rejection(check(order, [object(key)], { storage }));
  expect(refused).toMatchObject({ kind: "conflict" });
  expect(String(refused)).toContain("damaged");
});

test.each([
  [single, "films/a.mp4"],
  [ladder, "films/a/0.ts"],
])("without a list nothing is removed, and refused while there is something", async (order, key) => {
  const former = { isCounted: false };
  const refused = await rejection(check(order, undefined, { ...former, storage: holding(key) }));
  expect(refused).toMatchObject({ kind: "conflict" });
  expect(String(refused)).toContain(order.output.path);
  expect((await check(order, undefined, { ...former, storage: holding("films/b.mp4") })).size).toBe(0);
});

test("a list that is gone after all it named lets the removal go on", async () => {
  expect((await check(ladder, undefined, { storage: holding("films/a/another's.ts") })).size).toBe(0);
});
