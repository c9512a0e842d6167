import { describe, expect, test } from "bun:test";
import type { Locker } from "@tus/server";
import { lockWhileWriting } from "#controlplane/uploads/lock-while-writing.ts";
import { memoryLocker } from "#controlplane/uploads/memory-locker.ts";
import { redisLocker } from "#controlplane/uploads/redis-locker.ts";
import { makeSerial } from "#shared/async/serial.ts";
import { makeLog } from "#shared/log.ts";
import { rejection } from "#tests/support/outcome.ts";
import { redisServer, startRedis } from "#tests/support/redis-server.ts";
import { eventually } from "#tests/support/service.ts";

const log = makeLog("test", { level: "silent" });
const never = new AbortController().signal;

/** Locks, and tells when another asks for the lock. */
async function hold(locker: Locker, id: string) {
  const lock = locker.newLock(id);
  const asked = Promise.withResolvers<void>();
  await lock.lock(never, asked.resolve);
  return { lock, asked: asked.promise };
}

/** One has the lock, the other waits for it until it is given back. */
async function takeTurns(one: Locker, other: Locker) {
  const held = await hold(one, "a");
  const { lock: apart } = await hold(other, "b");
  let isHeld = true;
  const waiting = hold(other, "a").then((taken) => {
    expect(isHeld).toBe(false);
    return taken;
  });
  await held.asked;
  isHeld = false;
  await held.lock.unlock();
  const taken = await waiting;
  const given = AbortSignal.timeout(50);
  expect(String(await rejection(one.newLock("a").lock(given, () => {})))).toContain("has not ended yet");
  for (const lock of [taken.lock, apart]) await lock.unlock();
  await (await hold(one, "a")).lock.unlock();
}

test("requests of one process take turns at an upload", async () => {
  const locker = memoryLocker();
  await takeTurns(locker, locker);
});

test("a lock is kept while what a broken request has sent is still written", async () => {
  const writes = makeSerial();
  const locker = lockWhileWriting(memoryLocker(), writes);
  const { lock } = await hold(locker, "a");
  const writing = Promise.withResolvers<void>();
  const order: string[] = [];
  void writes.run("a", () => writing.promise).then(() => order.push("written"));
  const given = lock.unlock();
  const next = hold(locker, "a").then(() => order.push("taken"));
  writing.resolve();
  await Promise.all([given, next]);
  expect(order).toEqual(["written", "taken"]);
});

describe.skipIf(!redisServer)("with a room in Redis", () => {
  test("requests at several control planes take turns, and a holder hears when its lock is lost", async () => {
    await using redis = await startRedis();
    using one = redisLocker(redis.url, log);
    using other = redisLocker(redis.url, log);
    const isThere = () =>
      hold(one, "first").then(
        ({ lock }) => lock.unlock().then(() => true),
        () => false,
      );
    await eventually(isThere, "the lockers are connected");
    await takeTurns(one, other);

    const { lock, asked } = await hold(one, "c");
    await redis.ask("DEL", "{flux}:upload:c");
    await asked;
    await lock.unlock();

    await redis.kill();
    expect(String(await rejection(other.newLock("d").lock(never, () => {})))).toContain("Redis is away");
  });
});
