import { Database } from "bun:sqlite";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RedisClient } from "bun";
import { openRedisRoom } from "#controlplane/queue/redis/redis-room.ts";
import { openSqliteRoom } from "#controlplane/queue/sqlite/sqlite-room.ts";
import type { WaitingRoom } from "#controlplane/queue/waiting-room.ts";
import { makeLog } from "#shared/log.ts";
import { redisServer, startRedis } from "#tests/support/redis-server.ts";
import { drainerOf, noLimits, waitingOrder } from "#tests/support/waiting-orders.ts";
import { type Benchmark, type Figure, median } from "./figures.ts";

const waiting = 100_000;
const tenants = 20;
const atOnce = 100;
const samples = 1_000;

const sealed = "x".repeat(700);
const order = (number: number) => waitingOrder({ tenant: `tenant-${number % tenants}`, sealed });

/** How long an operation takes, one after the other, in milliseconds. */
async function each(work: (number: number) => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let number = 0; number < samples; number += 1) {
    const began = performance.now();
    await work(number);
    taken.push(performance.now() - began);
  }
  return median(taken);
}

async function figuresOf(
  engine: string,
  room: WaitingRoom,
  plain: { name: string; write(number: number): Promise<unknown> },
) {
  for (let number = 0; number < waiting; number += atOnce)
    await Promise.all(Array.from({ length: atOnce }, (_, at) => room.add(order(number + at), noLimits)));
  const { fence, take } = await drainerOf(room);
  const value = await each(plain.write);
  const taken: string[] = [];
  const steps: Record<string, (number: number) => Promise<unknown>> = {
    add: (number) => room.add(order(number), noLimits),
    take: async () => taken.push((await take())?.id ?? ""),
    settle: (number) =>
      room.settle(fence, taken[number] ?? "", { state: "accepted", address: "w:1", acceptedAt: Date.now() }),
    remove: (number) => room.remove(taken[number] ?? ""),
  };
  const figures: Figure[] = [];
  for (const [name, step] of Object.entries(steps))
    figures.push({
      name: `${name} with ${waiting} orders waiting in ${engine}`,
      value: await each(step),
      unit: "ms",
      yardstick: { name: plain.name, value },
    });
  return figures;
}

async function ofSqlite() {
  const folder = await mkdtemp(join(tmpdir(), "bench-room-"));
  const database = new Database(join(folder, "plain.sqlite"));
  database.run("PRAGMA journal_mode = WAL");
  database.run("PRAGMA synchronous = FULL");
  database.run("CREATE TABLE plain (id TEXT PRIMARY KEY, sealed TEXT)");
  const insert = database.query("INSERT INTO plain VALUES (?, ?)");
  const room = openSqliteRoom(join(folder, "room.sqlite"));
  try {
    const write = async (number: number) => insert.run(`${number}`, sealed);
    return await figuresOf("SQLite", room, { name: "a plain INSERT", write });
  } finally {
    room.close();
    database.close();
    await rm(folder, { recursive: true });
  }
}

async function ofRedis() {
  if (!redisServer) return [];
  await using redis = await startRedis(["--appendfsync", "everysec"]);
  const client = new RedisClient(redis.url);
  const room = await openRedisRoom(redis.url, { log: makeLog("bench", { level: "error" }) });
  try {
    const write = (number: number) => client.set(`plain:${number}`, sealed);
    return await figuresOf("Redis", room, { name: "a plain SET", write });
  } finally {
    room.close();
    client.close();
  }
}

/** What a step of a waiting room costs against a plain write of its engine. */
export const waitingRoom: Benchmark = async () => [...(await ofSqlite()), ...(await ofRedis())];
