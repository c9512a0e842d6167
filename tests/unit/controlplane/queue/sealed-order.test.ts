import { expect, test } from "bun:test";
import { makeOrderSeal } from "#controlplane/queue/sealed-order.ts";
import type { WaitingOrder } from "#controlplane/queue/waiting-room.ts";
import { waitingOrder } from "#tests/support/waiting-orders.ts";

const [secret, newer] = ["0123456789abcdef", "fedcba9876543210"];
const request = { inputUrl: "https://example.com/source.mp4?signature=hidden", preset: "tiny", tenant: "acme" };

const sealWith = (secrets: readonly string[], opensPlain = false) => makeOrderSeal(secrets, { opensPlain });

/** An order of the request, sealed with the newest of the secrets. */
function sealed(secrets: readonly string[], given: Partial<WaitingOrder> = {}): WaitingOrder {
  const order = waitingOrder({ tenant: "acme", claim: { key: "a-key", number: 1 }, ...given });
  return { ...order, sealed: sealWith(secrets).seal(order, request) };
}

test("what is sealed is opened again, and hides what it says", () => {
  const order = sealed([secret]);
  expect(sealWith([secret]).open(order)).toMatchObject(request);
  expect(Buffer.from(order.sealed, "base64url").includes("example.com")).toBe(false);
  expect(sealed([secret], order).sealed).not.toBe(order.sealed);
});

test.each<[string, Partial<WaitingOrder>]>([
  ["id", { id: waitingOrder().id }],
  ["tenant", { tenant: "other" }],
  ["priority", { priority: "high" }],
  ["key", { claim: { key: "other", number: 1 } }],
  ["number of the claim", { claim: { key: "a-key", number: 2 } }],
  ["order without a claim", { claim: undefined }],
])("moved to another %s it cannot be opened", (_, moved) => {
  expect(sealWith([secret]).open({ ...sealed([secret]), ...moved })).toBeUndefined();
});

test("when it was added is no part of it: a room may set it", () => {
  expect(sealWith([secret]).open({ ...sealed([secret]), addedAt: 1 })).toMatchObject(request);
});

test("a changed, cut or foreign text cannot be opened", () => {
  const order = sealed([secret]);
  const bytes = Buffer.from(order.sealed, "base64url");
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 1, bytes.length - 20);
  for (const text of [bytes.toString("base64url"), order.sealed.slice(0, 30), "", "plain.", "?"])
    expect(sealWith([secret]).open({ ...order, sealed: text })).toBeUndefined();
});

test("older secrets open, the newest seals, and a secret that is gone opens nothing", () => {
  expect(sealWith([newer, secret]).open(sealed([secret]))).toMatchObject(request);
  expect(sealWith([newer]).open(sealed([newer, secret]))).toMatchObject(request);
  expect(sealWith([newer]).open(sealed([secret]))).toBeUndefined();
});

test("without a secret orders are only encoded; with one they are still opened where the room is on this machine", () => {
  const order = sealed([]);
  expect(sealWith([], true).open(order)).toMatchObject(request);
  expect(sealWith([secret], true).open(order)).toMatchObject(request);
  expect(sealWith([secret], false).open(order)).toBeUndefined();
  expect(sealWith([], true).open(sealed([secret]))).toBeUndefined();
});
