import { expect, test } from "bun:test";
import { join } from "node:path";
import { anOrder, jsonOf, startTestControlPlane, type TestControlPlane } from "#tests/support/control-plane.ts";
import { type FakeWorker, type FakeWorkerOptions, freePort, startFakeWorker } from "#tests/support/fake-worker.ts";
import { redisServer, startRedis } from "#tests/support/redis-server.ts";
import { eventually, temporaryFolder } from "#tests/support/service.ts";
import { sleepingFakes } from "#tests/support/sleeping-workers.ts";

type Farm = {
  workers: readonly string[];
  /** Where orders wait. Default: a file of their own. */
  queue?: string;
};

// For a clock that stands still no rest of a worker ever ends: what frees one must be told.
const now = () => Date.UTC(2026, 0, 1);

async function startRoom({ workers, queue }: Farm) {
  const stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder()).path;
  const service = stack.use(
    await startTestControlPlane({
      workers,
      settings: {
        ...{ RECORD_STORAGE: "local", LOCAL_ROOT: join(home, "out") },
        QUEUE_URL: queue ?? `sqlite:${join(home, "room.sqlite")}`,
      },
      // Far longer than any test.
      config: { startupTimeoutMs: 600_000 },
      deps: { now },
    }),
  );
  return Object.assign(service, { [Symbol.asyncDispose]: () => stack.disposeAsync() });
}

const startQueueWorker = (options: FakeWorkerOptions = {}) => startFakeWorker({ capabilities: ["queue"], ...options });
const waits = (id: unknown) => String(id).startsWith("00000000-");
const end = (worker: FakeWorker, id: string) => worker.tell(id, { status: "completed" });
const has = (worker: FakeWorker, ...ids: string[]) =>
  eventually(() => ids.every((id) => worker.journal.has(id)), "the worker is given what waited");
const report = async (service: TestControlPlane) => jsonOf(await service.get("/queue"));

test("the slot of a job that has waited goes to the next that waits", async () => {
  await using worker = await startQueueWorker();
  await using service = await startRoom({ workers: [worker.address] });
  const first = await service.submit();
  await has(worker, first);
  const [second, third] = [await service.submit(), await service.submit()];
  expect([second, third].every(waits)).toBe(true);
  end(worker, first);
  await has(worker, second);
  end(worker, second);
  await has(worker, third);
});

test.skipIf(!redisServer)("the slot of a job that another control plane gave a worker at once is told of", async () => {
  await using redis = await startRedis();
  await using worker = await startQueueWorker();
  const farm = { workers: [worker.address], queue: redis.url };
  await using other = await startRoom(farm);
  await other.get("/workers/status");
  const direct = await other.submit();
  expect(waits(direct)).toBe(false);
  await using service = await startRoom(farm);
  await service.get("/workers/status");
  const { questions } = worker.state;
  const waiting = await service.submit();
  expect(waits(waiting)).toBe(true);
  await eventually(() => worker.state.questions === questions + 2, "the worker has said that it is full, twice");
  end(worker, direct);
  await has(worker, waiting);
});

test("a slot that becomes free while the same worker accepts an order is filled", async () => {
  const [arrived, accepted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = { hold: "" };
  const onAccepted = async ({ jobId }: { jobId: string }) => {
    if (jobId !== slow.hold) return;
    arrived.resolve();
    await accepted.promise;
  };
  await using worker = await startQueueWorker({ slots: 2, onAccepted });
  await using service = await startRoom({ workers: [worker.address] });
  const [one, two] = [await service.submit(), await service.submit()];
  await has(worker, one, two);
  slow.hold = await service.submit();
  const next = await service.submit();
  end(worker, one);
  await arrived.promise;
  end(worker, two);
  await has(worker, next);
  accepted.resolve();
});

test("a worker that takes its time to accept an order holds up no other", async () => {
  const answer = Promise.withResolvers<void>();
  await using slow = await startQueueWorker({ onSubmit: () => answer.promise });
  await using worker = await startQueueWorker({ slots: 2 });
  await using service = await startRoom({ workers: [slow.address, worker.address] });
  const ids = await Promise.all(Array.from({ length: 4 }, () => service.submit()));
  expect(ids.every(waits)).toBe(true);
  await eventually(() => slow.requests.length === 1 && worker.journal.size === 2, "both have been offered orders");
  for (const id of [...worker.journal.keys()]) end(worker, id);
  await eventually(() => worker.journal.size === 3, "the other worker goes on");
  answer.resolve();
  await eventually(() => slow.journal.size === 1, "the slow worker has its order");
});

test("workers are given what waits, as many as are needed, and all that take part are counted", async () => {
  await using one = await startQueueWorker({ slots: 3, capabilities: ["queue", "pieces", "build:a"] });
  await using service = await startRoom({ workers: [one.address] });
  await service.get("/workers/status");
  const direct = await service.submit();
  expect(waits(direct)).toBe(false);
  expect(await report(service)).toMatchObject({ waiting: 0, running: 0, wanted_slots: 1 });
  // A film of which others could encode pieces, as far as the order lets them.
  const pieces = { done: 1, total: 9, workers: 1, board: "board", open: [3, 4, 5, 6, 7] };
  const film = await service.submit({ ...anOrder, workers: 4 });
  one.tell(film, { status: "processing", pieces });
  await eventually(async () => (await report(service))["wanted_slots"] === 5, "the workers that it wants are counted");
  end(one, film);
  await eventually(async () => (await report(service))["wanted_slots"] === 1, "they are no longer");
  one.state.draining = true;
  const ids = [await service.submit(), await service.submit()];
  expect(await report(service)).toMatchObject({ waiting: 2, running: 0, wanted_slots: 3 });
  one.state.draining = false;
  end(one, direct);
  await has(one, ...ids);
  await eventually(async () => (await report(service)).running === 2, "both are handed over");
  expect(await report(service)).toMatchObject({ waiting: 0, running: 2, wanted_slots: 2 });
});

/** So many sleeping machines that take orders from the room. */
const startSleeping = (size: number) => sleepingFakes(size, () => startQueueWorker());

test("an order that waits wakes one machine, and each that comes wakes one more", async () => {
  await using farm = await startSleeping(4);
  await using service = await startRoom({ workers: farm.addresses });
  expect(waits(await service.submit())).toBe(true);
  await eventually(() => farm.woken().length > 0, "a machine is woken");
  await report(service);
  expect(farm.woken()).toHaveLength(1);
  await service.submit();
  await eventually(() => farm.woken().length === 2, "another machine is woken");
  for (const front of farm.woken()) front.boot();
  const accepted = () => farm.workers.filter(({ journal }) => journal.size === 1).length;
  await eventually(() => accepted() === 2, "both are given an order");
  await eventually(async () => (await report(service)).running === 2, "both are handed over");
  expect(farm.woken()).toHaveLength(2);
});

test("eight orders at once wake eight machines, and each takes one", async () => {
  await using farm = await startSleeping(8);
  await using service = await startRoom({ workers: farm.addresses });
  await Promise.all(Array.from({ length: 8 }, () => service.submit()));
  await eventually(() => farm.woken().length === 8, "all machines are woken before any has booted");
  for (const front of farm.fronts) front.boot();
  await eventually(() => farm.workers.every(({ journal }) => journal.size === 1), "each is given an order");
});

test("a machine that refuses connections makes way for the next at once", async () => {
  const refusing = `127.0.0.1:${await freePort()}`;
  await using worker = await startQueueWorker();
  await using service = await startRoom({ workers: [refusing, worker.address] });
  await has(worker, await service.submit());
});

const measured = { ...anOrder, measure: "vmaf" };
const sees = (...more: string[]) => ({ capabilities: ["queue", "measure", "ffmpeg:9.0", ...more] });

test("an order whose quality is measured waits for a worker that can, though another is free", async () => {
  await using unable = await startFakeWorker(sees());
  await using able = await startFakeWorker(sees("vmaf"));
  await using service = await startRoom({ workers: [unable.address, able.address] });
  const first = await service.submit(measured);
  await has(able, first);
  const second = await service.submit(measured);
  expect(waits(second)).toBe(true);
  end(able, first);
  await has(able, second);
  expect(unable.requests).toHaveLength(0);
});

test("an order that waits fails with words when no worker can measure what it asks for", async () => {
  await using unable = await startFakeWorker(sees());
  await using service = await startRoom({ workers: [unable.address] });
  const first = await service.submit();
  await has(unable, first);
  const waiting = await service.submit(measured);
  end(unable, first);
  const job = async () => jsonOf(await service.get(`/jobs/${waiting}`));
  await eventually(async () => (await job()).status === "failed", "it has failed");
  expect((await job()).error).toMatchObject({ message: expect.stringContaining("built with libvmaf, or use ssim") });
  expect(unable.requests).toHaveLength(1);
});
