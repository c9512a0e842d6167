import { expect, test } from "bun:test";
import { orderToMessage } from "#shared/rpc/order-message.ts";
import { anOrder } from "#tests/support/orders.ts";

test("a message names the hand-over of an order, and keeps to itself what only the worker needs", () => {
  const handOver = { queueTry: 2, queueAddress: "worker:1", priority: "high" } as const;
  const own = { queueAdmission: "secret", acceptedAt: "2026-01-02T00:00:00.000Z", idempotencyKey: "key" };
  const message = orderToMessage(anOrder({ ...handOver, ...own }));
  expect(message).toMatchObject(handOver);
  expect(Object.keys(message)).not.toContainAnyValues(["queueAdmission", "acceptedAt", "idempotencyKey"]);
});
