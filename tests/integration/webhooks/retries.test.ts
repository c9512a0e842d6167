import { afterEach, beforeEach, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newSecret } from "#shared/webhooks/signing.ts";
import { freePort } from "#tests/support/processes.ts";
import { eventually, filesIn, temporaryFolder } from "#tests/support/service.ts";
import { webhookReceiver } from "#tests/support/webhook-receiver.ts";
import { ended, pendingIn, workerAt } from "./worker.ts";

const secret = newSecret();
const hours = 3_600_000;
let root: string;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
  root = folder.path;
});
afterEach(() => folder[Symbol.asyncDispose]());

/** A webhook that a worker, gone since, has left, and where its receiver will listen. */
async function left(secrets = secret, at = root) {
  const port = await freePort();
  const job = ended(`http://127.0.0.1:${port}/hook?token=1`);
  await using worker = workerAt(at, { secrets });
  await worker.end(job.order, job.event);
  return { port, ...job };
}

const nothingIsPending = () => eventually(async () => (await pendingIn(root)).length === 0, "nothing is pending");

test("a webhook that is left in the storage is sent behind that, with its address sealed meanwhile", async () => {
  const port = await freePort();
  const { order, event } = ended(`http://127.0.0.1:${port}/hook?token=1`);
  {
    await using leaving = workerAt(root, { secrets: secret });
    await leaving.leave({ ...order, tenant: "acme" }, event);
    const [text = ""] = await pendingIn(root);
    expect(text).toContain(`"${order.jobId}-7"`);
    expect(text).not.toMatch(/hook|token/);
    const { callbackUrl: _, ...untold } = order;
    await leaving.leave({ ...untold, jobId: "other" }, { ...event, jobId: "other" });
    expect(await pendingIn(root)).toHaveLength(1);
  }
  await using receiver = webhookReceiver({ secret, port });
  await using worker = workerAt(root, { secrets: secret });
  worker.retries.begin();
  const [got] = await receiver.until(1);
  expect(got).toMatchObject({ id: `${order.jobId}-7`, path: "/hook?token=1", event: { status: event.status } });
  await nothingIsPending();

  const again = ended(receiver.url);
  await worker.leave(again.order, again.event);
  await receiver.until(2);
  await nothingIsPending();
});

test("a worker that starts sends what another has left, and the record says so", async () => {
  const { port, order, event } = await left();
  await using receiver = webhookReceiver({ secret, port });
  await using worker = workerAt(root, { secrets: secret });
  worker.retries.begin();
  const [got] = await receiver.until(1);
  expect(got).toMatchObject({ id: `${order.jobId}-7`, path: "/hook?token=1", event: { status: event.status } });
  await eventually(async () => (await worker.noteOf(order))?.state === "delivered", "the record is right");
  expect(await worker.noteOf(order)).toMatchObject({ attempts: 2 });
  expect(await filesIn(join(root, ".flux/jobs/webhooks"))).toEqual([]);
});

test("a worker that stays up goes on by itself, after failures too", async () => {
  const failing = (n: number) => new Response("", { status: n < 2 ? 500 : 200 });
  await using receiver = webhookReceiver({ secret, answer: failing });
  await using worker = workerAt(root, { secrets: secret });
  const { order, event } = ended(receiver.url);
  await worker.end(order, event);
  expect(await pendingIn(root)).toHaveLength(1);
  const got = await receiver.until(3);
  expect(new Set(got.map(({ id, body }) => id + body)).size).toBe(1);
  await nothingIsPending();
});

test("many workers that start at once deliver it, and all know it by one id", async () => {
  const { port, order } = await left();
  await using receiver = webhookReceiver({ secret, port });
  await using one = workerAt(root, { secrets: secret });
  await using two = workerAt(root, { secrets: secret });
  one.retries.begin();
  two.retries.begin();
  const got = await receiver.until(1);
  await nothingIsPending();
  expect(new Set(got.map(({ id }) => id))).toEqual(new Set([`${order.jobId}-7`]));
});

test("a webhook that was sealed before the secrets changed is sent, signed with both", async () => {
  const newer = newSecret();
  const { port } = await left(secret);
  await using receiver = webhookReceiver({ secret: newer, port });
  await using worker = workerAt(root, { secrets: `${newer},${secret}` });
  worker.retries.begin();
  await receiver.until(1);
  await nothingIsPending();
});

test("without the secret that sealed it a webhook waits for a worker that has it", async () => {
  const { port, order } = await left();
  await using receiver = webhookReceiver({ secret, port });
  await using stranger = workerAt(root, { secrets: newSecret() });
  stranger.retries.begin();
  await eventually(async () => (await pendingIn(root))[0]?.includes("WEBHOOK_SECRETS") ?? false, "it was tried");
  await stranger.retries.stop();
  await using worker = workerAt(root, { secrets: secret });
  worker.retries.begin();
  expect(await receiver.until(1)).toMatchObject([{ id: `${order.jobId}-7` }]);
});

test("a day after the event it is given up without another try", async () => {
  const { port, order } = await left();
  await using receiver = webhookReceiver({ secret, port });
  await using worker = workerAt(root, { secrets: secret, now: () => Date.now() + 25 * hours });
  worker.retries.begin();
  await eventually(async () => (await worker.noteOf(order))?.state === "given_up", "the record is right");
  expect(await pendingIn(root)).toEqual([]);
  expect(receiver.all).toBe(0);
});

test("one that another worker has settled, or that cannot be read, does not keep the others", async () => {
  const { port, order } = await left();
  await writeFile(join(root, ".flux/jobs/webhooks/damaged.json"), "{");
  await using receiver = webhookReceiver({ secret, port });
  await using worker = workerAt(root, { secrets: secret });
  worker.retries.begin();
  expect(await receiver.until(1)).toMatchObject([{ id: `${order.jobId}-7` }]);
});

test("a stopped worker tries nothing more", async () => {
  await using elsewhere = await temporaryFolder();
  const [{ port }, another] = [await left(), await left(secret, elsewhere.path)];
  await using receiver = webhookReceiver({ secret, port });
  await using anothers = webhookReceiver({ secret, port: another.port });
  // What is pending is due at once.
  const late = { secrets: secret, now: () => Date.now() + 60_000 };
  await using going = workerAt(elsewhere.path, late);
  const worker = workerAt(root, late);
  worker.retries.begin();
  await worker.retries.stop();
  going.retries.begin();
  // By then this one would have sent its webhook too.
  await anothers.until(1);
  expect(await pendingIn(root)).toHaveLength(1);
  expect(receiver.all).toBe(0);
});
