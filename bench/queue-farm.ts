import { join } from "node:path";
import { type FakeWorkerOptions, startFakeWorker } from "#tests/support/fake-worker.ts";
import { redisServer, startRedis } from "#tests/support/redis-server.ts";
import { client, temporaryFolder } from "#tests/support/service.ts";
import { startControlplane } from "./service.ts";

export type Engine = "Redis" | "SQLite";

/** Those that this machine has. */
export const engines: readonly Engine[] = redisServer ? ["SQLite", "Redis"] : ["SQLite"];

export const order = { input_url: "http://127.0.0.1:9/source.mp4", preset: "tiny" };

/** Without an engine no order waits. */
type Farm = { engine: Engine | undefined; worker?: FakeWorkerOptions; settings?: Readonly<Record<string, string>> };

/** A control plane, compiled, whose orders wait in this engine, before a worker whose jobs end when they are told to. */
export async function startQueueFarm({ engine, worker: options = {}, settings = {} }: Farm) {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder()).path;
  const redis = engine === "Redis" ? stack.use(await startRedis()) : undefined;
  const worker = stack.use(await startFakeWorker({ capabilities: ["queue"], ...options }));
  const place = engine === "SQLite" ? `sqlite:${join(home, "room.sqlite")}` : redis?.url;
  const controlplane = stack.use(
    await startControlplane([worker.address], {
      ...{ RECORD_STORAGE: "local", LOCAL_ROOT: join(home, "out") },
      ...(place && { QUEUE_URL: place, QUEUE_MAX: "100000" }),
      ...settings,
    }),
  );
  const owned = stack.move();
  return {
    ...{ home, redis, worker, controlplane, url: controlplane.url, api: client(controlplane.url) },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The same with a worker that is full, so that whatever is ordered has to wait. */
export async function startFullFarm(engine: Engine) {
  const farm = await startQueueFarm({ engine });
  const { body } = await farm.api.post(order);
  while (!farm.worker.journal.has(String(body["job_id"]))) await Bun.sleep(10);
  return farm;
}

/** Posts an order, which must be taken. */
export async function post(url: string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(`${url}/api/v1/jobs`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(order),
  });
  const text = await answer.text();
  if (answer.status !== 202) throw new Error(`answered ${answer.status}: ${text}`);
  return text;
}
