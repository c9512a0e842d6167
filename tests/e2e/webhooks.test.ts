import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { newSecret } from "#shared/webhooks/signing.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, jobsFolder, leftIn, loopback, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { webhookReceiver } from "#tests/support/webhook-receiver.ts";

const secret = newSecret();
const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let home: string;
let port: number;
let api: ReturnType<typeof client>;

beforeAll(async () => {
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 1 }) }));
  port = await freePort();
  const controlplane = stack.use(await startControlplane([port]));
  api = client(controlplane.url);
});
afterAll(() => stack.disposeAsync());

beforeEach(async () => {
  folder = await temporaryFolder();
  home = folder.path;
});
afterEach(() => folder[Symbol.asyncDispose]());

const worker = (env: Record<string, string> = {}) => startWorker({ port, home, WEBHOOK_SECRETS: secret, ...env });
const post = (callback_url: string, more = {}) =>
  api.post({ input_url: sources.url("clip.mp4"), preset: "tiny", callback_url, ...more });
const nobody = async () => `http://127.0.0.1:${await freePort()}/hook?token=of-the-receiver`;
const pending = () => filesIn(join(home, "out/.flux/jobs/webhooks"));
const jobsOnDisk = async () => (await leftIn(jobsFolder(home, port))).filter((name) => name.includes("-"));

test("a receiver gets the final event and those it asked for, and an answer of the service then agrees", async () => {
  await using receiver = webhookReceiver({ secret });
  await using _worker = await worker();
  const { body } = await post(receiver.url, { callback_events: ["queued", "uploading"] });
  const got = await receiver.until(3);
  expect(got.map(({ event }) => event.status).toSorted()).toEqual(["completed", "queued", "uploading"]);
  const final = got.find(({ event }) => event.status === "completed");
  expect((await api.job(body["job_id"])).body).toMatchObject({ ...final?.event });
  for (const { id, event } of got) expect(id).toBe(`${body["job_id"]}-${event.sequence}`);
});

test("a failed and a cancelled job are told of too", async () => {
  await using receiver = webhookReceiver({ secret });
  await using _worker = await worker();
  await post(receiver.url, { input_url: sources.url("missing.mp4") });
  expect((await receiver.until(1))[0]?.event).toMatchObject({ status: "failed", error: { kind: "source_failed" } });
  const { job_id } = (await post(receiver.url, { preset: "slow" })).body;
  await api.cancel(job_id);
  expect((await receiver.until(2))[1]?.event).toMatchObject({ job_id, status: "cancelled" });
});

test("a callback is refused by a worker that could not sign it, and one to a private address by all", async () => {
  await using _worker = await worker({ WEBHOOK_SECRETS: "" });
  const refused = await post(await nobody());
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: "callback_url" }] } });
  expect(JSON.stringify(refused.body)).toContain("WEBHOOK_SECRETS");
  expect((await post("http://10.0.0.1/")).body).toMatchObject({ errors: [{ field: "callback_url" }] });
});

test("a worker killed between the end of a job and its webhook sends it when it is back", async () => {
  const silence = Promise.withResolvers<Response>();
  await using receiver = webhookReceiver({ secret, answer: (n) => (n === 0 ? silence.promise : new Response()) });
  const killed = await worker();
  const { job_id } = (await post(receiver.url)).body;
  await receiver.until(1);
  killed.kill("SIGKILL");
  await killed.exited;
  expect(await readdir(join(jobsFolder(home, port), String(job_id)))).toContain("end.json");

  await using _again = await worker();
  const [first, second] = await receiver.until(2);
  expect(second).toMatchObject({ id: first?.id, event: first?.event });
  silence.resolve(new Response());
});

test("a worker killed before its receiver has taken an event tells of it again when it is back", async () => {
  const silence = Promise.withResolvers<Response>();
  await using receiver = webhookReceiver({ secret, answer: (n) => (n === 0 ? silence.promise : new Response()) });
  const killed = await worker();
  await post(receiver.url, { preset: "slow", callback_events: ["queued"] });
  const [first] = await receiver.until(1);
  killed.kill("SIGKILL");
  await killed.exited;

  await using _again = await worker();
  const again = (await receiver.until(3)).slice(1);
  expect(again.map(({ event }) => event.status).sort()).toEqual(["completed", "queued"]);
  expect(again.find(({ event }) => event.status === "queued")).toMatchObject({ id: first?.id, event: first?.event });
  silence.resolve(new Response());
});

test("a receiver that is down while its job ends gets the webhook although the worker had stopped", async () => {
  const url = await nobody();
  const stops = { AUTO_STOP: "true", WEBHOOK_PATIENCE: "1s" };
  const stopped = await worker(stops);
  const { job_id } = (await post(url)).body;
  expect(await stopped.exited).toBe(0);
  expect(await jobsOnDisk()).toEqual([]);
  expect(await pending()).toHaveLength(1);
  const [record = ""] = (await filesIn(join(home, "out/.flux/jobs"))).filter((name) => name.endsWith(`${job_id}.json`));
  const text = await readFile(join(home, "out/.flux/jobs", record), "utf8");
  expect(JSON.parse(text)).toMatchObject({ webhook: { state: "pending" }, event: { status: "completed" } });
  expect(text).not.toContain("of-the-receiver");

  await using receiver = webhookReceiver({ secret, port: Number(new URL(url).port) });
  const again = await worker({ ...stops, IDLE_TIMEOUT: "5s" });
  const [got] = await receiver.until(1);
  expect(got).toMatchObject({ path: "/hook?token=of-the-receiver", event: { job_id, status: "completed" } });
  expect(await again.exited).toBe(0);
  expect(await pending()).toEqual([]);
});

test("a drained worker leaves the webhook in the storage, and the command sends it", async () => {
  const url = await nobody();
  const drained = await worker({ DRAIN_TIMEOUT: "100ms" });
  const { job_id } = (await post(url)).body;
  await api.events(job_id);
  drained.kill("SIGTERM");
  expect(await drained.exited).toBe(0);
  expect(await pending()).toHaveLength(1);

  expect(await retry()).toMatchObject({ code: 1, said: expect.stringContaining(`pending  ${job_id}-`) });
  await using receiver = webhookReceiver({ secret, port: Number(new URL(url).port) });
  expect(await retry()).toMatchObject({ code: 0, said: expect.stringContaining(`delivered  ${job_id}-`) });
  expect(receiver.received).toHaveLength(1);
  expect(await pending()).toEqual([]);
});

/** `flux webhooks retry` with the worker's settings. */
async function retry() {
  const env = {
    PATH: process.env["PATH"],
    LOCAL_ROOT: join(home, "out"),
    WEBHOOK_SECRETS: secret,
    ALLOWED_PRIVATE_CIDRS: loopback,
  };
  const main = join(import.meta.dir, "../../cli/main.ts");
  const child = Bun.spawn([process.execPath, main, "webhooks", "retry"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const said = await new Response(child.stdout).text();
  return { code: await child.exited, said };
}
