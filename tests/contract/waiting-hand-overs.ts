import { describe, expect, test } from "bun:test";
import { Fenced, type WaitingRoom } from "#controlplane/queue/waiting-room.ts";
import { rejection } from "#tests/support/outcome.ts";
import { addOrders, drainerOf } from "#tests/support/waiting-orders.ts";
import type { OpenedRoom } from "./waiting-room.ts";

/** How every engine hands orders over, in a room that is empty. */
export function waitingHandOversContract(name: string, open: () => Promise<OpenedRoom>) {
  const inRoom = (does: string, check: (room: WaitingRoom) => Promise<void>) =>
    test(does, async () => {
      await using opened = await open();
      await check(opened.room);
    });

  describe(`${name}: handing over`, () => {
    inRoom("offers, takes back with the next number, offers again and remembers who accepted", async (room) => {
      const [first = "", second = ""] = await addOrders(room, 2);
      const { take, fence } = await drainerOf(room);
      const offered = { state: "offered", number: 1, address: "w:1", offeredAt: 7, isCancelled: false } as const;
      expect(await take({ now: 7 })).toMatchObject({ id: first, place: offered });
      expect(await room.positions([first, second])).toEqual([undefined, 1]);
      expect(await room.settle(fence, first, { state: "waiting", number: 2 })).toMatchObject({ place: offered });
      expect(await room.positions([first, second])).toEqual([1, 2]);
      expect(await take({ address: "w:2" })).toMatchObject({ id: first, place: { number: 2, address: "w:2" } });
      await room.settle(fence, first, { state: "accepted", address: "w:2", acceptedAt: 9 });
      const accepted = { state: "accepted", address: "w:2", acceptedAt: 9, isCancelled: false } as const;
      expect(await room.find(first)).toMatchObject({ place: accepted });
      expect(await room.settle(fence, first, { state: "waiting", number: 3 })).toBeUndefined();
      expect(await room.settle(fence, "x", { state: "waiting", number: 3 })).toBeUndefined();
      expect(await room.end(first, "{}", { isCancel: true })).toEqual(accepted);
      expect((await room.unsettled()).map(({ id }) => id)).toEqual([first]);
      await room.remove(first);
      expect(await room.find(first)).toBeUndefined();
      expect((await room.summary()).running).toEqual([]);
    });

    inRoom("ends an order that waits, and marks one that is offered as cancelled", async (room) => {
      const [first = "", second = ""] = await addOrders(room, 2);
      const { take, fence } = await drainerOf(room);
      await take();
      expect(await room.end(first, "{}", { isCancel: false })).toMatchObject({ state: "offered", isCancelled: false });
      expect(await room.end(first, "{}", { isCancel: true })).toMatchObject({ state: "offered", isCancelled: true });
      expect(await room.end(second, '{"a":1}', { isCancel: true })).toEqual({ state: "ending", event: '{"a":1}' });
      expect(await room.end(second, '{"b":1}', { isCancel: true })).toEqual({ state: "ending", event: '{"a":1}' });
      expect(await room.end("x", "{}", { isCancel: true })).toBeUndefined();
      expect(await take()).toBeUndefined();
      const before = await room.settle(fence, first, { state: "ending", event: '{"c":1}' });
      expect(before).toMatchObject({ place: { state: "offered", isCancelled: true } });
      expect((await room.summary()).ending).toBe(2);
      expect((await room.unsettled()).map(({ id }) => id).sort()).toEqual([first, second].sort());
      for (const id of [first, second]) await room.remove(id);
      expect(await room.summary()).toEqual({ waiting: [], running: [], oldest: undefined, ending: 0 });
    });

    inRoom("remembers of an accepted order that it was cancelled while it was offered", async (room) => {
      const [id = ""] = await addOrders(room, 1);
      const { take, fence } = await drainerOf(room);
      await take();
      await room.end(id, "{}", { isCancel: true });
      await room.settle(fence, id, { state: "accepted", address: "w:1", acceptedAt: 9 });
      const place = { state: "accepted", address: "w:1", acceptedAt: 9, isCancelled: true } as const;
      expect((await room.find(id))?.place).toEqual(place);
      expect((await room.unsettled()).map((placed) => placed.place)).toEqual([place]);
    });

    inRoom("refuses what a former drainer does", async (room) => {
      const [id = ""] = await addOrders(room, 2);
      const former = await drainerOf(room, "former");
      expect(await room.lease("other", 1_000)).toBeUndefined();
      expect(await room.lease("former", 60_000)).toBe(former.fence);
      await former.take();
      await room.release(former.fence);
      const next = await drainerOf(room, "next");
      expect(next.fence).toBeGreaterThan(former.fence);
      expect(await rejection(former.take())).toBeInstanceOf(Fenced);
      const settled = room.settle(former.fence, id, { state: "waiting", number: 2 });
      expect(await rejection(settled)).toBeInstanceOf(Fenced);
      await room.release(former.fence);
      expect(await room.lease("third", 1_000)).toBeUndefined();
      expect(await next.take()).toBeDefined();
    });

    inRoom("gives the lease to another when its time has passed", async (room) => {
      const former = (await room.lease("former", 1)) ?? 0;
      let fence: number | undefined;
      while (fence === undefined) fence = await room.lease("next", 60_000);
      expect(fence).toBeGreaterThan(former);
    });

    inRoom("tells the accepted orders that their worker does not have any more", async (room) => {
      const [gone = "", active = "", later = "", elsewhere = ""] = await addOrders(room, 4);
      const { takeAll, fence } = await drainerOf(room);
      await takeAll(4);
      const accept = (id: string, address: string, acceptedAt: number) =>
        room.settle(fence, id, { state: "accepted", address, acceptedAt });
      await accept(gone, "w:1", 10);
      await accept(active, "w:1", 10);
      await accept(later, "w:1", 30);
      await accept(elsewhere, "w:2", 10);
      expect(await room.missing("w:1", [active, "x"], 20)).toEqual([gone]);
      expect(await room.missing("w:3", [], 20)).toEqual([]);
      expect(await room.unsettled()).toHaveLength(4);
    });
  });
}
