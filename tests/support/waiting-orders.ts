import type { Placed, TakeOptions, WaitingOrder, WaitingRoom } from "#controlplane/queue/waiting-room.ts";

/** An order for a waiting room; each has an id of its own. */
export const waitingOrder = (given: Partial<WaitingOrder> = {}): WaitingOrder => ({
  id: `00000000-${Bun.randomUUIDv7()}`,
  tenant: "",
  priority: "normal",
  addedAt: Date.now(),
  sealed: "sealed",
  ...given,
});

export const noLimits = { total: 1_000_000 };

/** Adds so many orders of a tenant, one after the other; returns their ids. */
export async function addOrders(room: WaitingRoom, count: number, given: Partial<WaitingOrder> = {}) {
  const orders = Array.from({ length: count }, () => waitingOrder(given));
  await Promise.all(orders.map((order) => room.add(order, noLimits)));
  return orders.map(({ id }) => id);
}

export type Drainer = {
  fence: number;
  take(options?: Partial<TakeOptions>): Promise<Placed | undefined>;
  /** Takes until nothing may be taken; at most so many. */
  takeAll(most: number, options?: Partial<TakeOptions>): Promise<Placed[]>;
};

/** Gets the lease of the room as a control plane does. */
export async function drainerOf(room: WaitingRoom, holder = "drainer"): Promise<Drainer> {
  const fence = await room.lease(holder, 60_000);
  if (fence === undefined) throw new Error("another holds the lease");
  const take = (options: Partial<TakeOptions> = {}) =>
    room.take({ fence, address: "w:1", shares: {}, agingMs: 600_000, except: [], now: Date.now(), ...options });
  return {
    fence,
    take,
    async takeAll(most, options) {
      const taken: Placed[] = [];
      while (taken.length < most) {
        const placed = await take(options);
        if (!placed) break;
        taken.push(placed);
      }
      return taken;
    },
  };
}

/** Waits until the room tells of this change; undefined stands for changes that were missed. */
export async function changeOf(room: WaitingRoom, wanted: string | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  using _listener = room.onChange((id) => id === wanted && resolve());
  await promise;
}

/** Announces that a worker has room, and waits until this room, or another one of the same engine, tells of it. */
export async function announced(room: WaitingRoom, address: string, hearing = room): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  using _listener = hearing.onRoom((told) => told === address && resolve());
  await Promise.all([promise, room.announceRoom(address)]);
}

/** Waits until the room answers again. */
export async function untilBack(room: WaitingRoom): Promise<void> {
  const isBack = await room.summary().then(
    () => true,
    () => false,
  );
  if (isBack) return;
  await Bun.sleep(20);
  await untilBack(room);
}
