import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventToJson } from "#shared/job/event.ts";
import { newSecret } from "#shared/webhooks/signing.ts";
import { outcome, rejection } from "#tests/support/outcome.ts";
import { freePort } from "#tests/support/processes.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { webhookReceiver } from "#tests/support/webhook-receiver.ts";
import { ended, pendingIn, workerAt } from "./worker.ts";

const secret = newSecret();
const patienceMs = 10_000;
let root: string;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  root = folder.path;
});
afterAll(() => folder[Symbol.asyncDispose]());

test("the receiver gets the event as JSON, signed, and nothing of it is kept", async () => {
  await using receiver = webhookReceiver({ secret });
  await using worker = workerAt(root, { secrets: secret });
  const { order, event } = ended(receiver.url.replace("//", "//us%65r:pass@"));
  await worker.end(order, event);
  const [got] = receiver.received;
  expect(got).toMatchObject({ id: `${order.jobId}-7`, event: eventToJson(event), path: "/hook?token=of-the-receiver" });
  expect(got?.headers.get("content-type")).toBe("application/json");
  expect(got?.headers.get("authorization")).toBe(`Basic ${btoa("user:pass")}`);
  expect(receiver.all).toBe(1);
  expect(await pendingIn(root)).toEqual([]);
  expect(await worker.noteOf(order)).toBeUndefined();
});

test("an order without a callback tells nobody", async () => {
  await using worker = workerAt(root, { secrets: "" });
  const { callbackUrl: _, ...order } = ended("").order;
  await worker.notify(order, ended("").event);
  expect(await pendingIn(root)).toEqual([]);
});

test("with two secrets the receivers of either take it", async () => {
  const other = newSecret();
  for (const known of [secret, other]) {
    await using receiver = webhookReceiver({ secret: known });
    await using worker = workerAt(root, { secrets: `${other},${secret}` });
    const { order, event } = ended(receiver.url);
    await worker.end(order, event);
    expect(receiver.received).toHaveLength(1);
  }
});

test("a receiver that fails at first gets the same id and body again", async () => {
  const failing = (n: number) => new Response("", { status: n === 0 ? 503 : 200 });
  await using receiver = webhookReceiver({ secret, answer: failing });
  await using worker = workerAt(root, { secrets: secret, patienceMs });
  const { order, event } = ended(receiver.url);
  await worker.end(order, event);
  const [first, second, ...more] = receiver.received;
  expect(second).toMatchObject({ id: first?.id, body: first?.body });
  expect(more).toEqual([]);
  expect(await pendingIn(root)).toEqual([]);
});

test("a receiver that does not answer in time is asked again", async () => {
  const slow = Promise.withResolvers<Response>();
  await using receiver = webhookReceiver({ secret, answer: (n) => (n === 0 ? slow.promise : new Response()) });
  await using worker = workerAt(root, { secrets: secret, patienceMs, guard: { answerTimeoutMs: 100 } });
  const { order, event } = ended(receiver.url);
  await worker.end(order, event);
  expect(receiver.received).toHaveLength(2);
  slow.resolve(new Response());
});

test("no redirect is followed", async () => {
  await using target = webhookReceiver({ secret });
  await using receiver = webhookReceiver({ secret, answer: () => Response.redirect(target.url, 307) });
  await using worker = workerAt(root, { secrets: secret });
  const { order, event } = ended(receiver.url);
  await worker.end(order, event);
  await worker.retries.stop();
  expect(target.all).toBe(0);
  expect(await worker.noteOf(order)).toEqual({
    state: "pending",
    attempts: 1,
    error: "the receiver answered 307: redirects are not followed",
  });
});

test("a private address gets nothing, whatever name leads there", async () => {
  await using receiver = webhookReceiver({ secret });
  const guard = { allowedCidrs: [], resolve: async () => ["127.0.0.1"] };
  await using worker = workerAt(root, { secrets: secret, guard });
  const { order, event } = ended(receiver.url.replace("127.0.0.1", "hooks.example.com"));
  await worker.end(order, event);
  await worker.retries.stop();
  expect(receiver.all).toBe(0);
  expect((await worker.noteOf(order))?.error).toContain("private address");
});

test("a receiver that answers 410 is asked no more", async () => {
  await using receiver = webhookReceiver({ secret, answer: () => new Response("", { status: 410 }) });
  await using worker = workerAt(root, { secrets: secret, patienceMs });
  const { order, event } = ended(receiver.url);
  await worker.end(order, event);
  expect(receiver.all).toBe(1);
  expect(await worker.noteOf(order)).toMatchObject({ state: "given_up", attempts: 1 });
  expect(await pendingIn(root)).not.toContainEqual(expect.stringContaining(order.jobId));
});

test("a stop of the worker ends the tries, and what is left to send is in the storage without its address", async () => {
  await using worker = workerAt(root, { secrets: secret, patienceMs: 3_600_000 });
  const { order, event } = ended(`http://user:pass@127.0.0.1:${await freePort()}/hook?token=1`);
  await worker.end(order, event, AbortSignal.abort());
  const kept = (await pendingIn(root)).filter((text) => text.includes(order.jobId));
  expect(kept).toHaveLength(1);
  expect(kept[0]).not.toMatch(/user|127\.0\.0\.1|hook|token/);
  expect(await worker.noteOf(order)).toMatchObject({ state: "pending", attempts: 1 });
});

test("what cannot be kept for later is not taken for done", async () => {
  const blocked = join(root, "a-file");
  await writeFile(blocked, "");
  await using worker = workerAt(blocked, { secrets: secret });
  const { order, event } = ended(`http://127.0.0.1:${await freePort()}/`);
  expect(await rejection(worker.notify(order, event))).toMatchObject({ kind: "delivery_failed" });
  await using forgetful = workerAt(root, { secrets: "" });
  expect(await outcome(forgetful.notify(order, event))).toThrow("WEBHOOK_SECRETS");
});
