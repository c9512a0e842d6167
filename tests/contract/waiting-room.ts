import { describe, expect, test } from "bun:test";
import type { WaitingRoom } from "#controlplane/queue/waiting-room.ts";
import { addOrders, announced, changeOf, drainerOf, noLimits, waitingOrder } from "#tests/support/waiting-orders.ts";

export type OpenedRoom = { room: WaitingRoom } & AsyncDisposable;

/** Every engine must pass these, on a room that is empty. */
export function waitingRoomContract(name: string, open: () => Promise<OpenedRoom>) {
  const inRoom = (does: string, check: (room: WaitingRoom) => Promise<void>) =>
    test(does, async () => {
      await using opened = await open();
      await check(opened.room);
    });

  describe(`${name}: adding`, () => {
    inRoom("keeps an order as it was added, and says its position", async (room) => {
      const order = waitingOrder({ tenant: "acme: ü", priority: "high", claim: { key: "abc", number: 2 } });
      expect(await room.add(order, noLimits)).toEqual({ position: 1 });
      expect(await room.find(order.id)).toEqual({ ...order, place: { state: "waiting", number: 1 } });
      expect(await room.find("00000000-other")).toBeUndefined();
      const another = waitingOrder({ tenant: order.tenant, priority: "high" });
      expect(await room.add(another, noLimits)).toEqual({ position: 2 });
      expect(await room.positions([another.id, "x", order.id])).toEqual([2, undefined, 1]);
    });

    inRoom("adds an order once, also after it has come and gone", async (room) => {
      const order = waitingOrder({ claim: { key: "abc", number: 1 } });
      await room.add(order, noLimits);
      expect(await room.add(order, noLimits)).toBe("known");
      await room.remove(order.id);
      expect(await room.add(order, noLimits)).toBe("known");
      expect(await room.summary()).toEqual({ waiting: [], running: [], oldest: undefined, ending: 0 });
    });

    inRoom("refuses what is beyond the limits, but knows what it has", async (room) => {
      const [first = ""] = await addOrders(room, 2, { tenant: "acme" });
      expect(await room.add(waitingOrder(), { total: 2 })).toBe("full");
      expect(await room.add(waitingOrder({ tenant: "acme" }), { total: 3, ofTenant: 2 })).toBe("tenant_full");
      expect(await room.add(waitingOrder(), { total: 3, ofTenant: 2 })).toEqual({ position: 1 });
      expect(await room.add(waitingOrder({ id: first }), { total: 2 })).toBe("known");
      const { take } = await drainerOf(room);
      await take();
      expect(await room.add(waitingOrder(), { total: 3 })).toHaveProperty("position");
    });

    inRoom("adds none under a claim that is closed, and closes none that has an order", async (room) => {
      const [open, closed] = [
        { key: "abc", number: 1 },
        { key: "abc", number: 2 },
      ];
      const order = waitingOrder({ claim: open });
      await room.add(order, noLimits);
      expect(await room.closeClaim(open)).toBe(order.id);
      expect(await room.closeClaim(closed)).toBeUndefined();
      expect(await room.closeClaim(closed)).toBeUndefined();
      expect(await room.add(waitingOrder({ claim: closed }), noLimits)).toBe("closed");
      await room.remove(order.id);
      expect(await room.closeClaim(open)).toBeUndefined();
      expect(await room.add(waitingOrder({ claim: open }), noLimits)).toBe("closed");
    });
  });

  describe(`${name}: looking`, () => {
    inRoom("says what waits, what runs and since when", async (room) => {
      await room.add(waitingOrder({ tenant: "a", addedAt: 2_000 }), noLimits);
      await room.add(waitingOrder({ tenant: "b", priority: "low", addedAt: 1_000 }), noLimits);
      const [taken = ""] = await addOrders(room, 1, { tenant: "b", priority: "high", addedAt: 500 });
      const { take } = await drainerOf(room);
      expect((await take({ now: 2_000 }))?.id).toBe(taken);
      const waiting = [
        { tenant: "a", priority: "normal", count: 1 },
        { tenant: "b", priority: "low", count: 1 },
      ] as const;
      const running = [{ tenant: "b", count: 1 }];
      expect(await room.summary()).toEqual({ waiting: [...waiting], running, oldest: 1_000, ending: 0 });
      expect(await room.addedBefore(1_500)).toHaveLength(1);
      expect(await room.addedBefore(999)).toEqual([]);
    });

    inRoom("lists the newest first, of one tenant, from an id on, and none that is accepted", async (room) => {
      const ids = await addOrders(room, 3, { tenant: "a" });
      const [other = ""] = await addOrders(room, 1, { tenant: "b" });
      const newest = [...ids, other].sort().reverse();
      const listed = async (query: Omit<Parameters<typeof room.list>[0], "limit">) =>
        (await room.list({ limit: 10, ...query })).map(({ id }) => id);
      expect(await listed({})).toEqual(newest);
      expect(await listed({ tenant: "b" })).toEqual([other]);
      expect(await listed({ before: newest[1] ?? "" })).toEqual(newest.slice(2));
      expect(await room.list({ limit: 1 })).toHaveLength(1);
      const { take, fence } = await drainerOf(room);
      const id = (await take())?.id ?? "";
      expect(await listed({})).toEqual(newest);
      await room.settle(fence, id, { state: "accepted", address: "w:1", acceptedAt: 5 });
      expect(await listed({})).toEqual(newest.filter((one) => one !== id));
    });

    inRoom("tells many positions at once, each among those of its tenant and class", async (room) => {
      const normal = await addOrders(room, 3, { tenant: "a" });
      const high = await addOrders(room, 2, { tenant: "a", priority: "high" });
      const others = await addOrders(room, 2, { tenant: "b" });
      const { take } = await drainerOf(room);
      expect(await take()).toMatchObject({ id: high[0] });
      const asked = [...others.toReversed(), "00000000-unknown", ...high, ...normal.toReversed(), ...others];
      expect(await room.positions(asked)).toEqual([2, 1, undefined, undefined, 1, 3, 2, 1, 1, 2]);
    });

    inRoom("is clear for a class as long as nothing of it or a more urgent one waits", async (room) => {
      const clear = async () => [await room.isClear("high"), await room.isClear("normal"), await room.isClear("low")];
      expect(await clear()).toEqual([true, true, true]);
      await addOrders(room, 1);
      expect(await clear()).toEqual([true, false, false]);
      const { take } = await drainerOf(room);
      await take();
      expect(await clear()).toEqual([true, true, true]);
    });

    inRoom("tells its listeners of changes until they leave", async (room) => {
      const order = waitingOrder();
      const told: (string | undefined)[] = [];
      const left = room.onChange((id) => told.push(id));
      left[Symbol.dispose]();
      await Promise.all([changeOf(room, order.id), room.add(order, noLimits)]);
      await Promise.all([changeOf(room, order.id), room.end(order.id, "{}", { isCancel: true })]);
      expect(told).toEqual([]);
    });

    inRoom("tells its listeners of workers that may have room until they leave, and of no change", async (room) => {
      const told: (string | undefined)[] = [];
      const left = room.onRoom((address) => told.push(address));
      using _changes = room.onChange((id) => told.push(id));
      await announced(room, "https://w:1");
      left[Symbol.dispose]();
      await announced(room, "w:2");
      expect(told).toEqual(["https://w:1"]);
    });
  });
}
