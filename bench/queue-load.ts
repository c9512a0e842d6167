import { join } from "node:path";
import { startCommand } from "#tests/support/processes.ts";
import { type Figure, median, spreadOf } from "./figures.ts";
import { type Engine, engines, post, startFullFarm } from "./queue-farm.ts";

const orders = 10_000;
const connections = 8;
const pairs = 3;
// 500 a second.
const mostSeconds = 20;

/** Many orders at once into the waiting room, in turns with a server that only keeps them in the same engine. */
export async function queueLoad(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const engine of engines) figures.push(await figureOf(engine));
  return figures;
}

async function figureOf(engine: Engine): Promise<Figure> {
  const times: { ours: number; bare: number }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    await using farm = await startFullFarm(engine);
    const ours = await secondsFor(() => post(farm.url));
    const { body } = await farm.api.ask("/queue");
    if (body["waiting"] !== orders) throw new Error(`${body["waiting"]} orders wait, not ${orders}`);
    const place = farm.redis?.url ?? join(farm.home, "bare.sqlite");
    const argv = [process.execPath, join(import.meta.dir, "floor/enqueue.ts"), "0", place];
    await using bare = await startCommand(argv, {}, "listening");
    times.push({ ours, bare: await secondsFor(() => post(String(bare.ready["url"]))) });
  }
  const ours = times.map((time) => time.ours);
  return {
    ...{ name: `${orders} orders over ${connections} connections into ${engine}`, value: median(ours), unit: "s" },
    spread: spreadOf(ours),
    yardstick: { name: "bare Bun.serve and a write", value: median(times.map((time) => time.bare)) },
    ratio: median(times.map((time) => time.ours / time.bare)),
    target: { most: mostSeconds, of: "value" },
  };
}

async function secondsFor(ask: () => Promise<unknown>) {
  const began = performance.now();
  const inTurn = async () => {
    for (let asked = 0; asked < orders / connections; asked += 1) await ask();
  };
  await Promise.all(Array.from({ length: connections }, inTurn));
  return (performance.now() - began) / 1_000;
}
