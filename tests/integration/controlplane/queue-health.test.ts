import { expect, test } from "bun:test";
import { join } from "node:path";
import { anOrder, jsonOf, startTestControlPlane } from "#tests/support/control-plane.ts";
import { freePort, startFakeWorker } from "#tests/support/fake-worker.ts";
import { redisServer, startRedis } from "#tests/support/redis-server.ts";
import { eventually, temporaryFolder } from "#tests/support/service.ts";

/** The samples of the waiting room by their names and labels. */
async function samples(url: string) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.matchAll(/^flux_(queue_\S+) (\S+)$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name ?? "", Number(value)]));
}

const none = { 'queue_waiting{priority="high"}': 0, 'queue_waiting{priority="low"}': 0, queue_running: 0 };

test("the metrics tell what waits and for how long, when they are asked for", async () => {
  await using home = await temporaryFolder();
  let time = Date.now();
  await using service = await startTestControlPlane({
    workers: [`127.0.0.1:${await freePort()}`],
    settings: {
      ...{ RECORD_STORAGE: "local", LOCAL_ROOT: join(home.path, "out") },
      QUEUE_URL: `sqlite:${join(home.path, "room.sqlite")}`,
    },
    deps: { now: () => time },
  });
  const empty = await samples(service.url);
  expect(empty).toEqual({ ...none, 'queue_waiting{priority="normal"}': 0, queue_oldest_seconds: 0 });

  for (const priority of ["normal", "low", "low"]) await service.submit({ ...anOrder, priority });
  time += 42_000;
  await eventually(async () => (await samples(service.url))["queue_running"] === 0, "the offer has failed");
  const seen = await samples(service.url);
  expect(seen).toEqual({
    ...none,
    ...{ 'queue_waiting{priority="normal"}': 1, 'queue_waiting{priority="low"}': 2, queue_oldest_seconds: 42 },
  });
});

test("without a waiting room there are no metrics of one", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  expect(await samples(service.url)).toEqual({});
});

test.skipIf(!redisServer)("a waiting room that is away is named by /readyz, and missing in the metrics", async () => {
  await using home = await temporaryFolder();
  await using redis = await startRedis();
  await using service = await startTestControlPlane({
    workers: [`127.0.0.1:${await freePort()}`],
    settings: { RECORD_STORAGE: "local", LOCAL_ROOT: home.path, QUEUE_URL: redis.url },
  });
  const ready = async () => {
    const answer = await fetch(`${service.url}/readyz`);
    return { status: answer.status, body: await jsonOf(answer) };
  };
  await eventually(async () => (await ready()).body.incomplete === undefined, "the room is reached");

  await redis.kill();
  await eventually(async () => (await ready()).body.incomplete !== undefined, "the room is missed");
  expect(await ready()).toEqual({
    status: 200,
    body: { status: "ready", incomplete: [{ part: "waiting room", reason: expect.stringMatching(/^QUEUE_URL: ./) }] },
  });
  expect(await samples(service.url)).toEqual({});

  await redis.restart();
  await eventually(async () => (await ready()).body.incomplete === undefined, "the room is back");
  expect(await samples(service.url)).toMatchObject(none);
});
