import type { startRedis } from "#tests/support/redis-server.ts";
import type { Figure } from "./figures.ts";
import { wakeUpsOf } from "./process.ts";
import { type Engine, engines, order, startQueueFarm } from "./queue-farm.ts";

const minuteMs = 60_000;
// What has worked is tidied up for a while.
const settledMs = 40_000;

/** What a control plane does in a minute with nothing to do, with a waiting room and, at the same time, without one. */
export async function queueIdle(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const engine of engines) figures.push(...(await figuresOf(engine)));
  return figures;
}

async function figuresOf(engine: Engine): Promise<Figure[]> {
  await using farm = await startQueueFarm({ engine });
  await using without = await startQueueFarm({ engine: undefined });
  const finishJobs = [await beginJob(farm), await beginJob(without)];
  const { body: waiting } = await farm.api.post(order);
  if ((await farm.api.cancel(waiting["job_id"])).status !== 202) throw new Error("the order did not wait");
  for (const finishJob of finishJobs) finishJob();
  await Bun.sleep(settledMs);

  const seen = async () => ({
    ours: wakeUpsOf(farm.controlplane.pid),
    without: wakeUpsOf(without.controlplane.pid),
    commands: farm.redis ? await commandsOf(farm.redis) : 0,
  });
  const before = await seen();
  await Bun.sleep(minuteMs);
  const after = await seen();
  const wakeUps: Figure = {
    name: `wake-ups of an idle control plane's main thread in a minute, ${engine}`,
    value: after.ours - before.ours,
    unit: "wake-ups",
    yardstick: { name: "without QUEUE_URL", value: after.without - before.without },
    target: { most: 1.1, of: "ratio" },
  };
  if (!farm.redis) return [wakeUps];
  const name = "commands to Redis in an hour, by an idle minute";
  const value = (after.commands - before.commands) * 60;
  return [wakeUps, { name, value, unit: "commands", target: { most: 60, of: "value" } }];
}

/** Gives the worker a job, so that it is connected; what is returned ends the job. */
async function beginJob({ api, worker }: Awaited<ReturnType<typeof startQueueFarm>>) {
  await api.ask("/workers/status");
  const { body } = await api.post(order);
  return () => worker.tell(String(body["job_id"]), { status: "completed" });
}

/** How many commands Redis was sent, besides those of this question: HELLO and INFO of a client of its own. */
async function commandsOf({ ask }: Awaited<ReturnType<typeof startRedis>>) {
  const stats = String(await ask("INFO", "commandstats"));
  const calls = [...stats.matchAll(/^cmdstat_([\w|]+):calls=(\d+)/gm)];
  const others = calls.filter(([, name = ""]) => name !== "hello" && name !== "info");
  return others.reduce((sum, [, , count]) => sum + Number(count), 0);
}
