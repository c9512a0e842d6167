import { Database } from "bun:sqlite";
import { join } from "node:path";
import { RedisClient } from "bun";
import { type Figure, median, spreadOf } from "./figures.ts";
import { type Engine, engines, post, startFullFarm } from "./queue-farm.ts";

const rounds = 300;
const warmUp = 200;
const text = "x".repeat(700);

/** What POST into the waiting room takes beyond GET /healthz and a plain write of the engine, in turns. */
export async function queuePost(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const engine of engines) figures.push(await figureOf(engine));
  return figures;
}

async function figureOf(engine: Engine): Promise<Figure> {
  await using farm = await startFullFarm(engine);
  using plain = plainWrites(farm);
  const times: { posted: number; least: number }[] = [];
  for (let round = 0; round < warmUp + rounds; round += 1) {
    const posted = await timed(() => post(farm.url));
    const health = await timed(() => fetch(`${farm.url}/healthz`).then((answer) => answer.text()));
    const written = await timed(() => plain.write(round));
    if (round >= warmUp) times.push({ posted, least: health + written });
  }
  const beyond = times.map(({ posted, least }) => posted - least);
  return {
    ...{ name: `POST into the room in ${engine}, p50 beyond the yardstick`, value: median(beyond), unit: "ms" },
    spread: spreadOf(beyond),
    yardstick: { name: "GET /healthz and a plain write", value: median(times.map(({ least }) => least)) },
    target: { most: 3, of: "value" },
  };
}

/** What one would write into the same engine without a service. */
function plainWrites({ home, redis }: Awaited<ReturnType<typeof startFullFarm>>) {
  if (redis) {
    const client = new RedisClient(redis.url);
    return {
      write: (number: number): Promise<unknown> => client.set(`plain:${number}`, text),
      [Symbol.dispose]: () => client.close(),
    };
  }
  const database = new Database(join(home, "plain.sqlite"));
  database.run("PRAGMA journal_mode = WAL");
  database.run("PRAGMA synchronous = FULL");
  database.run("CREATE TABLE plain (id INTEGER PRIMARY KEY, sealed TEXT)");
  const insert = database.query("INSERT INTO plain VALUES (?, ?)");
  return {
    write: async (number: number): Promise<unknown> => insert.run(number, text),
    [Symbol.dispose]: () => database.close(),
  };
}

async function timed(work: () => Promise<unknown>) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
