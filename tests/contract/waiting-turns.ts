import { describe, expect, test } from "bun:test";
import type { WaitingRoom } from "#controlplane/queue/waiting-room.ts";
import { addOrders, drainerOf } from "#tests/support/waiting-orders.ts";
import type { OpenedRoom } from "./waiting-room.ts";

/** Every engine must decide like this whose turn it is, in a room that is empty. */
export function waitingTurnsContract(name: string, open: () => Promise<OpenedRoom>) {
  const inRoom = (does: string, check: (room: WaitingRoom) => Promise<void>) =>
    test(does, async () => {
      await using opened = await open();
      await check(opened.room);
    });

  describe(`${name}: turns`, () => {
    const tenantsOf = (taken: readonly { tenant: string }[]) => taken.map(({ tenant }) => tenant).join("");

    inRoom("lets those who come later have their turns before the backlog of another", async (room) => {
      await addOrders(room, 1_000, { tenant: "a" });
      const { takeAll } = await drainerOf(room);
      await takeAll(100);
      for (const tenant of ["b", "c", "d"]) await addOrders(room, 5, { tenant });
      const taken = tenantsOf(await takeAll(25));
      for (const tenant of ["b", "c", "d"]) expect(taken.split(tenant)).toHaveLength(6);
    });

    inRoom("takes first what came first of a tenant, and a more urgent class before all", async (room) => {
      const low = await addOrders(room, 2, { priority: "low" });
      const normal = await addOrders(room, 2);
      const high = await addOrders(room, 2, { priority: "high" });
      const { takeAll } = await drainerOf(room);
      expect((await takeAll(9)).map(({ id }) => id)).toEqual([...high, ...normal, ...low]);
    });

    inRoom("moves an order to the end of another class while it waits", async (room) => {
      const [first = "", second = ""] = await addOrders(room, 2);
      const [low = ""] = await addOrders(room, 1, { priority: "low" });
      expect(await room.setPriority(first, "low", "sealed anew")).toBe(true);
      expect(await room.find(first)).toMatchObject({ priority: "low", sealed: "sealed anew" });
      expect(await room.setPriority("x", "low", "")).toBeUndefined();
      const { takeAll } = await drainerOf(room);
      expect((await takeAll(5)).map(({ id }) => id)).toEqual([second, low, first]);
      expect(await room.setPriority(second, "low", "")).toBe(false);
    });

    inRoom("shares turns by weight", async (room) => {
      for (const tenant of ["a", "b"]) await addOrders(room, 40, { tenant });
      const { takeAll } = await drainerOf(room);
      const taken = tenantsOf(await takeAll(40, { shares: { a: { weight: 3 }, b: { weight: 1 } } }));
      expect(Math.abs(taken.replaceAll("b", "").length - 30)).toBeLessThanOrEqual(1);
    });

    inRoom("gives no arrears to who was away or held back, and no penalty", async (room) => {
      for (const tenant of ["a", "b"]) await addOrders(room, 60, { tenant });
      const { take, takeAll } = await drainerOf(room);
      const held = { shares: { a: { weight: 1, maxRunning: 1 } } };
      expect((await take())?.tenant).toBe("a");
      expect(tenantsOf(await takeAll(30, held))).toBe("b".repeat(30));
      await addOrders(room, 20, { tenant: "c" });
      const taken = tenantsOf(await takeAll(12));
      for (const tenant of ["a", "b", "c"]) expect(Math.abs(taken.split(tenant).length - 5)).toBeLessThanOrEqual(1);
    });

    inRoom("takes no turn from a tenant whose order nobody took", async (room) => {
      for (const tenant of ["a", "b"]) await addOrders(room, 6, { tenant });
      const { take, fence } = await drainerOf(room);
      const refused = (await take())?.id ?? "";
      await room.settle(fence, refused, { state: "waiting", number: 1 });
      expect((await take())?.id).toBe(refused);
      expect(tenantsOf([await take(), await take()].flatMap((placed) => placed ?? []))).toBe("ba");
    });

    inRoom("passes over what a worker cannot run", async (room) => {
      const [first = "", second = ""] = await addOrders(room, 2, { tenant: "a" });
      const { take } = await drainerOf(room);
      expect((await take({ except: [first] }))?.id).toBe(second);
      expect(await take({ except: [first] })).toBeUndefined();
      expect((await take())?.id).toBe(first);
    });

    inRoom("never has more orders of a tenant out than it may, whatever is interleaved", async (room) => {
      await addOrders(room, 30, { tenant: "a" });
      const { take, fence } = await drainerOf(room);
      const shares = { a: { weight: 1, maxRunning: 2 } };
      const running = async () => (await room.summary()).running;
      const takeFour = async () => {
        const taken = await Promise.all(Array.from({ length: 4 }, () => take({ shares })));
        expect(await running()).toEqual([{ tenant: "a", count: 2 }]);
        return taken.flatMap((placed) => placed?.id ?? []);
      };
      let [one = "", two = ""] = await takeFour();
      for (let acceptedAt = 0; acceptedAt < 12; acceptedAt += 1) {
        await room.settle(fence, two, { state: "waiting", number: 1 });
        await room.settle(fence, one, { state: "accepted", address: "w:1", acceptedAt });
        expect(await takeFour()).toEqual([two]);
        await room.remove(one);
        [one, two] = [two, (await takeFour())[0] ?? ""];
      }
      expect((await room.summary()).waiting).toEqual([{ tenant: "a", priority: "normal", count: 16 }]);
    });

    inRoom("treats an order that has waited long as one class higher, then two", async (room) => {
      const [low = ""] = await addOrders(room, 1, { priority: "low", addedAt: 0 });
      const [normal = ""] = await addOrders(room, 1, { addedAt: 900 });
      const [high = ""] = await addOrders(room, 1, { priority: "high", addedAt: 900 });
      const { take, fence } = await drainerOf(room);
      const order = async (now: number) => {
        const taken = [await take({ agingMs: 1_000, now }), await take({ agingMs: 1_000, now })];
        for (const placed of taken.toReversed())
          await room.settle(fence, placed?.id ?? "", { state: "waiting", number: 1 });
        return taken.map((placed) => placed?.id);
      };
      expect(await order(999)).toEqual([high, normal]);
      expect(await order(1_000)).toEqual([high, low]);
      expect(await order(2_000)).toEqual([low, normal]);
    });
  });
}
