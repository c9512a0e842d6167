import { expect, test } from "bun:test";
import { makeAdmitPlan } from "#controlplane/queue/admit-plan.ts";
import type { RoomSummary } from "#controlplane/queue/waiting-room.ts";
import { rejection } from "#tests/support/outcome.ts";

const admitWith = (summary: Partial<RoomSummary>, maxRunning?: number) => {
  const room = { summary: async () => ({ waiting: [], running: [], oldest: undefined, ending: 0, ...summary }) };
  return makeAdmitPlan({ room, shares: () => ({ acme: { weight: 1, maxRunning } }) });
};
const waiting = [{ tenant: "acme", priority: "low" as const, count: 3 }];

test("a dry run is refused while an order waits that could be taken", async () => {
  expect(await rejection(admitWith({ waiting })({ name: "other" }))).toMatchObject({ kind: "busy" });
});

test("orders that wait for others of their own tenant hold up no other tenant", async () => {
  const running = [{ tenant: "acme", count: 1 }];
  using _ = await admitWith({ waiting, running }, 1)({ name: "other" });
});

test("a tenant's dry runs count among what it may have running, until they end", async () => {
  const running = [{ tenant: "acme", count: 1 }];
  const admit = admitWith({ running }, 2);
  const acme = { name: "acme", maxRunning: 2 };
  const first = await admit(acme);
  expect(await rejection(admit(acme))).toMatchObject({ kind: "rate_limited", status: 429 });
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  using _second = await admit(acme);
  expect(await rejection(admit(acme))).toMatchObject({ status: 429 });
});
