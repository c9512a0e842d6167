import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { EventJson } from "#shared/job/event.ts";
import { newSecret } from "#shared/webhooks/signing.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { redisServer, startRedis } from "#tests/support/redis-server.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { webhookReceiver } from "#tests/support/webhook-receiver.ts";

const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;

beforeAll(async () => {
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 4 }), "short.mp4": await clip({ seconds: 1 }) }));
});
afterAll(() => stack.disposeAsync());

const long = () => ({ input_url: sources.url("clip.mp4"), preset: "slow" });
const short = () => ({ input_url: sources.url("short.mp4"), preset: "tiny" });

const secret = newSecret();

type Farm = { env?: Record<string, string>; queue?: string };

/** A control plane with a waiting room before one worker of one slot. */
async function startFarm({ queue, env = {} }: Farm = {}) {
  const parts = new AsyncDisposableStack();
  const home = parts.use(await temporaryFolder()).path;
  const port = await freePort();
  const secrets = { WEBHOOK_SECRETS: secret };
  const startOne = async () => parts.use(await startWorker({ port, home, MAX_CONCURRENT_JOBS: "1", ...secrets }));
  const startFront = async () =>
    parts.use(
      await startControlplane([port], {
        ...{ RECORD_STORAGE: "local", LOCAL_ROOT: join(home, "out"), ...secrets, ...env },
        QUEUE_URL: queue ?? `sqlite:${join(home, "queue.sqlite")}`,
      }),
    );
  const worker = await startOne();
  const front = await startFront();
  return {
    ...{ worker, front, startFront, startOne },
    api: client(front.url),
    outputs: async () => (await filesIn(join(home, "out"))).filter((path) => path.endsWith(".mp4")),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

type Api = ReturnType<typeof client>;

/** Orders a long job and waits until it runs, so that whatever is ordered next has to wait. */
async function occupy(api: Api) {
  const { body } = await api.post(long());
  await api.until(body["job_id"], ({ status }) => status === "processing");
  return body["job_id"];
}
const finalOf = async (api: Api, id: unknown) => (await api.events(id)).at(-1);
const hasEnded = async (api: Api, id: unknown) =>
  ["completed", "failed", "cancelled"].includes(String((await api.job(id)).body["status"]));
const isEmpty = async (api: Api) => {
  const { body } = await api.ask("/queue");
  return body["waiting"] === 0 && body["running"] === 0;
};

describe.each([["SQLite"], ["Redis"]] as const)("a waiting room in %s", (engine) => {
  const testIt = test.skipIf(engine === "Redis" && !redisServer);
  const start = async (env: Record<string, string> = {}) => {
    if (engine === "SQLite") return startFarm({ env });
    const redis = await startRedis();
    const farm = await startFarm({ env, queue: redis.url });
    const dispose = async () => {
      await farm[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    };
    return { ...farm, redis, [Symbol.asyncDispose]: dispose };
  };
  /** For those that leave it empty and idle. */
  let farm: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    if (engine === "SQLite" || redisServer) farm = stack.use(await start());
  });

  testIt("takes more orders than there is room for, and all are worked off", async () => {
    const first = await occupy(farm.api);
    const answers = [];
    for (let n = 0; n < 5; n += 1) answers.push(await farm.api.post(short()));
    expect(answers.map(({ status, body }) => [status, body["status"], body["position"]])).toEqual(
      [1, 2, 3, 4, 5].map((position) => [202, "queued", position]),
    );
    const ids = answers.map(({ body }) => String(body["job_id"]));
    for (const id of ids) expect(id).toStartWith("00000000-");
    const listed = (await farm.api.ask("/jobs?status=queued")).body["jobs"] as EventJson[];
    expect(listed.map(({ job_id }) => job_id)).toEqual(ids.toReversed());

    const events = await farm.api.events(ids[4]);
    const waiting = events.filter(({ sequence }) => sequence === 0);
    expect(waiting[0]?.position).toBe(5);
    const positions = waiting.map(({ position = 0 }) => position);
    expect(positions).toEqual(positions.toSorted((a, b) => b - a));
    const numbered = events.slice(waiting.length).map(({ sequence }) => sequence);
    expect(numbered).toEqual([...new Set(numbered)].toSorted((a, b) => a - b));
    expect(events.at(-1)).toMatchObject({ status: "completed" });
    for (const id of [first, ...ids]) expect(await finalOf(farm.api, id)).toMatchObject({ status: "completed" });
    expect(await farm.outputs()).toHaveLength(6);
    await eventually(() => isEmpty(farm.api), "the room is empty");
  });

  testIt("cancels what waits, records that and tells the receiver, and never runs it", async () => {
    // A receiver that takes its time holds up nobody who cancels.
    const isCancelled = Promise.withResolvers<void>();
    const answer = () => isCancelled.promise.then(() => new Response(null, { status: 204 }));
    await using receiver = webhookReceiver({ secret, answer });
    const before = (await farm.outputs()).length;
    const running = await occupy(farm.api);
    const { body } = await farm.api.post({ ...short(), callback_url: receiver.url });
    const next = await farm.api.post(short());
    const events = farm.api.events(body["job_id"]);
    expect((await farm.api.cancel(body["job_id"])).status).toBe(202);
    isCancelled.resolve();
    expect((await events).at(-1)).toMatchObject({ status: "cancelled", error: { kind: "cancelled" } });
    expect((await farm.api.job(body["job_id"])).body).toMatchObject({ status: "cancelled", order: { preset: "tiny" } });
    expect((await farm.api.cancel(body["job_id"])).status).toBe(409);
    await receiver.until(1);
    await farm.api.cancel(running);
    for (const id of [running, next.body["job_id"]]) await finalOf(farm.api, id);
    expect(await farm.outputs()).toHaveLength(before + 1);
    expect(receiver.received.map(({ event }) => event.status)).toEqual(["cancelled"]);
  });

  testIt("finds the waiting job of an idempotency key", async () => {
    const before = (await farm.outputs()).length;
    const running = await occupy(farm.api);
    const order = short();
    const key = { "Idempotency-Key": "only-once" };
    const [first, second] = await Promise.all([farm.api.post(order, key), farm.api.post(order, key)]);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body["job_id"]).toBe(first.body["job_id"]);
    expect((await farm.api.post({ ...order, preset: "slow" }, key)).status).toBe(422);
    await farm.api.cancel(running);
    expect(await finalOf(farm.api, first.body["job_id"])).toMatchObject({ status: "completed" });
    expect((await farm.api.post(order, key)).body["job_id"]).toBe(first.body["job_id"]);
    expect(await farm.outputs()).toHaveLength(before + 1);
  });

  testIt("takes the urgent ones first, and what was raised meanwhile", async () => {
    const running = await occupy(farm.api);
    const post = async (priority: string) => (await farm.api.post({ ...short(), priority })).body["job_id"];
    const ids = [await post("low"), await post("normal"), await post("high")];
    const raised = await farm.api.ask(`/jobs/${ids[0]}`, {
      ...{ method: "PATCH", headers: { "content-type": "application/json" } },
      body: JSON.stringify({ priority: "high" }),
    });
    expect([raised.status, raised.body["position"]]).toEqual([200, 2]);
    await farm.api.cancel(running);
    const ends = await Promise.all(ids.map((id) => finalOf(farm.api, id)));
    const times = ends.map((event) => Date.parse(event?.timestamp ?? ""));
    expect(times.toSorted((a, b) => a - b)).toEqual([times[2] ?? 0, times[0] ?? 0, times[1] ?? 0]);
  });

  testIt("ends an order that no worker can run, with the fault that a POST is answered with", async () => {
    const running = await occupy(farm.api);
    const { body } = await farm.api.post({ ...short(), preset: "nobody_has_this" });
    await farm.api.cancel(running);
    const end = await finalOf(farm.api, body["job_id"]);
    expect(end).toMatchObject({ status: "failed", error: { kind: "not_found" } });
  });

  testIt("ends an order that waited too long", async () => {
    await using farm = await start({ QUEUE_TIMEOUT: "1s" });
    await occupy(farm.api);
    const { body } = await farm.api.post(short());
    expect(await finalOf(farm.api, body["job_id"])).toMatchObject({ status: "failed", error: { kind: "timeout" } });
  });

  testIt("goes on after its control plane was killed", async () => {
    await using farm = await start();
    await occupy(farm.api);
    const posted = await Promise.all([farm.api.post(short()), farm.api.post(short())]);
    farm.front.kill("SIGKILL");
    await farm.front.exited;
    const api = client((await farm.startFront()).url);
    for (const { body } of posted) expect(await finalOf(api, body["job_id"])).toMatchObject({ status: "completed" });
    expect(await farm.outputs()).toHaveLength(3);
    await eventually(() => isEmpty(api), "the room is empty");
  });
});

test.skipIf(!redisServer)(
  "while Redis is away an order is refused, a job that had waited is told and cancelled, and what waits goes on after it",
  async () => {
    await using redis = await startRedis();
    await using farm = await startFarm({ queue: redis.url });
    const { api } = farm;
    await occupy(api);
    const post = async (order: unknown) => String((await api.post(order)).body["job_id"]);
    const [ended, running, waiting] = [await post(short()), await post(long()), await post(short())];
    await api.until(running, ({ status }) => status === "processing");
    await redis.kill();

    const refused = await api.post(short());
    expect([refused.status, refused.body["kind"]]).toEqual([503, "unreachable"]);
    expect(refused.body["errors"]).toMatchObject([{ field: "QUEUE_URL" }]);
    expect(await api.job(ended)).toMatchObject({ status: 200, body: { status: "completed" } });
    expect(await api.job(running)).toMatchObject({ status: 200, body: { status: "processing" } });
    expect(await api.job(waiting)).toMatchObject({ status: 503, body: { errors: [{ field: "QUEUE_URL" }] } });
    expect(await api.cancel(waiting)).toMatchObject({ status: 503 });
    expect(await api.cancel(running)).toMatchObject({ status: 202 });
    expect(await finalOf(api, running)).toMatchObject({ status: "cancelled" });

    await redis.restart();
    await eventually(() => hasEnded(api, waiting).catch(() => false), "the waiting order is done", 60_000);
    expect((await api.job(waiting)).body["status"]).toBe("completed");
    await eventually(() => isEmpty(api), "the room is empty");
  },
);

test("without a waiting room a full farm answers as before, and says what to set", async () => {
  await using parts = new AsyncDisposableStack();
  const home = parts.use(await temporaryFolder()).path;
  const port = await freePort();
  parts.use(await startWorker({ port, home, MAX_CONCURRENT_JOBS: "1" }));
  const api = client(parts.use(await startControlplane([port])).url);
  await occupy(api);
  const { status, headers, body } = await api.post(short());
  expect([status, headers.get("Retry-After")]).toEqual([503, "5"]);
  expect(String(body["detail"])).toContain("QUEUE_URL");
  expect((await api.ask("/queue")).status).toBe(404);
});
