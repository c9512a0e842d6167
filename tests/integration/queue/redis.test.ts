import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { options } from "#controlplane/queue/redis/options.ts";
import { openRedisRoom } from "#controlplane/queue/redis/redis-room.ts";
import { makeLog } from "#shared/log.ts";
import { waitingHandOversContract } from "#tests/contract/waiting-hand-overs.ts";
import { waitingRoomContract } from "#tests/contract/waiting-room.ts";
import { waitingTurnsContract } from "#tests/contract/waiting-turns.ts";
import { outcome, rejection } from "#tests/support/outcome.ts";
import { redisServer, startRedis } from "#tests/support/redis-server.ts";
import { eventually } from "#tests/support/service.ts";
import { startTcpProxy } from "#tests/support/tcp-proxy.ts";
import {
  addOrders,
  announced,
  changeOf,
  drainerOf,
  noLimits,
  untilBack,
  waitingOrder,
} from "#tests/support/waiting-orders.ts";

type Redis = Awaited<ReturnType<typeof startRedis>>;

const log = makeLog("test", { level: "silent" });

async function openRoom(redis: Redis, answerMs?: number) {
  const room = await openRedisRoom(redis.url, { log, ...(answerMs !== undefined && { answerMs }) });
  return Object.assign(room, { [Symbol.dispose]: room.close });
}

describe.skipIf(!redisServer)("with redis-server", () => {
  let shared: Redis;
  beforeAll(async () => {
    shared = await startRedis();
  });
  afterAll(() => shared[Symbol.asyncDispose]());

  const open = async () => {
    await shared.ask("FLUSHALL");
    const room = await openRoom(shared);
    return { room, [Symbol.asyncDispose]: async () => room.close() };
  };

  waitingRoomContract("waiting room in Redis", open);
  waitingHandOversContract("waiting room in Redis", open);
  waitingTurnsContract("waiting room in Redis", open);

  test("two control planes at one Redis hear of each other's changes and share all limits", async () => {
    await shared.ask("FLUSHALL");
    using one = await openRoom(shared);
    using two = await openRoom(shared);
    const order = waitingOrder({ tenant: "a" });
    await Promise.all([changeOf(two, order.id), changeOf(one, order.id), one.add(order, noLimits)]);
    await announced(two, "w:1", one);
    await addOrders(two, 20, { tenant: "a" });
    const { fence } = await drainerOf(one);
    const how = { fence, address: "w:1", shares: { a: { weight: 1, maxRunning: 3 } }, agingMs: 1_000_000, except: [] };
    const takes = Array.from({ length: 16 }, (_, at) => (at % 2 ? one : two).take({ ...how, now: Date.now() }));
    expect((await Promise.all(takes)).filter(Boolean)).toHaveLength(3);
    expect(await two.lease("other", 1_000)).toBeUndefined();
  });

  test("all keys of a room are in one slot of a cluster", async () => {
    await shared.ask("FLUSHALL");
    using room = await openRoom(shared);
    await addOrders(room, 3, { tenant: "a", claim: undefined });
    await room.closeClaim({ key: "k", number: 1 });
    await (await drainerOf(room)).take();
    const keys = await shared.ask("KEYS", "*");
    expect(Array.isArray(keys) && keys.length).toBeGreaterThan(8);
    for (const key of Array.isArray(keys) ? keys : []) expect(key).toStartWith("{flux}:");
  });

  test("an idle room asks nothing of Redis", async () => {
    await shared.ask("FLUSHALL");
    using room = await openRoom(shared);
    await addOrders(room, 1);
    const commands = async () => /total_commands_processed:(\d+)/.exec(String(await shared.ask("INFO", "stats")))?.[1];
    const before = Number(await commands());
    await Bun.sleep(1_500);
    // The question itself: HELLO and INFO of a client of its own.
    expect(Number(await commands()) - before).toBeLessThanOrEqual(3);
  });

  test("forgotten scripts are sent again", async () => {
    await shared.ask("FLUSHALL");
    using room = await openRoom(shared);
    await addOrders(room, 1);
    await shared.ask("SCRIPT", "FLUSH");
    expect((await room.summary()).waiting).toHaveLength(1);
  });

  test("Redis that is gone is told at once, and found again with all orders and changes", async () => {
    await using redis = await startRedis();
    using room = await openRoom(redis);
    const [first = ""] = await addOrders(room, 2);
    await redis.kill();
    await outcome(room.summary());
    const fault = await rejection(room.add(waitingOrder(), noLimits));
    expect(fault).toMatchObject({ kind: "unreachable", isAnswerLost: false });
    expect(room.problem()).toBeString();
    const missed = changeOf(room, undefined);
    await redis.restart();
    await untilBack(room);
    await missed;
    expect(await room.positions([first])).toEqual([1]);
    const told: (string | undefined)[] = [];
    using _listener = room.onChange((id) => told.push(id));
    const order = waitingOrder();
    await Promise.all([changeOf(room, order.id), room.add(order, noLimits)]);
    await announced(room, "w:1");
    expect(told).toEqual([order.id]);
  }, 60_000);

  test("a Redis that is killed under load loses no order that it has answered for", async () => {
    await using redis = await startRedis();
    using room = await openRoom(redis);
    for (let round = 0; round < 3; round += 1) {
      const added: string[] = [];
      let isGone = false;
      const add = async () => {
        while (!isGone) {
          const order = waitingOrder();
          await room.add(order, noLimits).then(
            () => added.push(order.id),
            () => {
              isGone = true;
            },
          );
          if (added.length === 300) await redis.kill();
        }
      };
      await Promise.all(Array.from({ length: 16 }, add));
      await redis.restart();
      await untilBack(room);
      expect(added.length).toBeGreaterThanOrEqual(300);
      expect(await room.positions(added)).not.toContain(undefined);
    }
  }, 120_000);

  test("a frozen Redis is told after a time-out, then at once, and is found again", async () => {
    await using redis = await startRedis();
    using room = await openRoom(redis, 300);
    const order = waitingOrder();
    const missed = changeOf(room, undefined);
    redis.freeze();
    try {
      expect(await rejection(room.add(order, noLimits))).toMatchObject({ kind: "unreachable", isAnswerLost: true });
      expect(await rejection(room.summary())).toMatchObject({ kind: "unreachable", isAnswerLost: false });
    } finally {
      redis.thaw();
    }
    await untilBack(room);
    const again = await room.add(order, noLimits);
    expect(["known", { position: 1 }]).toContainEqual(again);
    expect(room.problem()).toBeUndefined();
    await missed;
    const later = waitingOrder();
    const told: (string | undefined)[] = [];
    using _listener = room.onChange((id) => id !== order.id && told.push(id));
    await Promise.all([room.add(later, noLimits), announced(room, "w:1")]);
    expect(told).toEqual([later.id]);
  }, 60_000);

  test("a primary that was demoted is told in words, and left for who is primary now", async () => {
    await using former = await startRedis(["--repl-diskless-sync-delay", "0"]);
    await using next = await startRedis(["--replicaof", `127.0.0.1 ${former.port}`]);
    await using address = await startTcpProxy(former.port);
    using room = await openRoom({ ...former, url: `redis://127.0.0.1:${address.port}` });
    const [first = ""] = await addOrders(room, 1);
    await former.ask("WAIT", "1", "0");
    await former.ask("REPLICAOF", "127.0.0.1", "9");
    await next.ask("REPLICAOF", "NO", "ONE");
    address.leadTo(next.port);
    const missed = changeOf(room, undefined);
    expect(await rejection(room.add(waitingOrder(), noLimits))).toMatchObject({
      message: expect.stringMatching(/is a replica, which takes no orders: QUEUE_URL must name the primary; try again/),
      isAnswerLost: false,
    });
    await untilBack(room);
    await missed;
    expect(await room.positions([first])).toEqual([1]);
    const order = waitingOrder();
    await Promise.all([changeOf(room, order.id), room.add(order, noLimits)]);
  }, 60_000);

  test("a Redis that still loads its file is told so, and nothing is lost of what waits", async () => {
    // It answers while it loads after each KiB of a file that is written anew, where each key takes it 50 ms.
    const slowly = ["--key-load-delay", "50000", "--loading-process-events-interval-bytes", "1024"];
    await using redis = await startRedis(slowly);
    using room = await openRoom(redis);
    const sealed = randomBytes(3_000).toString("base64");
    const ids = await addOrders(room, 5, { sealed });
    await redis.ask("BGREWRITEAOF");
    const isWritten = async () => String(await redis.ask("INFO", "persistence")).includes("aof_rewrite_in_progress:0");
    await eventually(isWritten, "the file is written anew");
    await redis.kill();
    const restarted = redis.restart();
    const loads = () =>
      room.summary().then(
        () => "",
        (fault: Error) => fault.message,
      );
    await eventually(async () => /still loads its data/.test(await loads()), "it loads");
    await restarted;
    await untilBack(room);
    expect(await room.positions(ids)).toEqual([1, 2, 3, 4, 5]);
  }, 60_000);

  test("a user who may not run scripts is told what it needs", async () => {
    await using redis = await startRedis();
    await redis.ask("ACL", "SETUSER", "default", "-@scripting");
    using room = await openRoom(redis);
    expect(await rejection(room.summary())).toMatchObject({ message: expect.stringMatching(/allow it scripts/) });
    await redis.ask("ACL", "SETUSER", "default", "+@scripting");
    expect(await room.add(waitingOrder(), noLimits)).toEqual({ position: 1 });
  });

  test("the client never gives up, and never keeps a command for later", () => {
    expect(options).toMatchObject({ maxRetries: 4_294_967_295, enableOfflineQueue: false });
    expect(options).not.toHaveProperty("idleTimeout");
  });

  test.each([
    [["--appendonly", "no"], /forgets orders when it restarts.*appendonly yes/],
    [["--maxmemory-policy", "allkeys-lru"], /drops orders.*noeviction/],
    [["--requirepass", "secret"], /refuses the user or password/],
  ])("a Redis with %p is a mistake of the settings", async (settings, reason) => {
    await using redis = await startRedis(settings);
    const fault = await rejection(openRoom(redis));
    expect(fault).toMatchObject({ kind: "invalid", message: expect.stringMatching(reason) });
  });

  test("a Redis that hides its configuration is used, with a warning", async () => {
    await using redis = await startRedis(["--rename-command", "CONFIG", ""]);
    using room = await openRoom(redis);
    expect(await room.add(waitingOrder(), noLimits)).toEqual({ position: 1 });
  });

  test("a wrong password is a mistake of the settings, the right one is percent-decoded", async () => {
    await using redis = await startRedis(["--requirepass", "a/b c"]);
    const withPassword = (password: string) => ({ ...redis, url: redis.url.replace("//", `//:${password}@`) });
    expect(await rejection(openRoom(withPassword("wrong")))).toMatchObject({ kind: "invalid" });
    using room = await openRoom(withPassword("a%2Fb%20c"));
    expect(await room.add(waitingOrder(), noLimits)).toEqual({ position: 1 });
  });

  test("a Redis that is away at the start is found later", async () => {
    await using redis = await startRedis();
    await redis.kill();
    using room = await openRoom(redis, 200);
    expect(await rejection(room.summary())).toMatchObject({ kind: "unreachable" });
    await redis.restart();
    await untilBack(room);
    expect(await room.add(waitingOrder(), noLimits)).toEqual({ position: 1 });
  }, 60_000);
});
