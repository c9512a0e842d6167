import { join } from "node:path";
import { hashOf, newKey } from "#controlplane/auth/keys.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import type { Figure } from "./figures.ts";
import { type Engine, engines, post, startQueueFarm } from "./queue-farm.ts";

const big = "a";
const small = ["b", "c", "d"];
const bigOrders = 1_000;
const smallOrders = 5;

/** How many orders are started until those of three tenants are that came after a thousand of another. */
export async function queueShares(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const engine of engines) figures.push(await figureOf(engine));
  return figures;
}

async function figureOf(engine: Engine): Promise<Figure> {
  await using folder = await temporaryFolder();
  const keys = new Map([big, ...small].map((tenant) => [tenant, newKey()]));
  const file = join(folder.path, "keys.json");
  const entries = [...keys].map(([tenant, key]) => ({
    tenant,
    name: tenant,
    scopes: ["jobs:write"],
    hash: hashOf(key),
  }));
  await Bun.write(file, JSON.stringify(entries));
  const posts = (tenant: string, url: string) => post(url, { Authorization: `Bearer ${keys.get(tenant)}` });

  const started: string[] = [];
  const isOver = Promise.withResolvers<void>();
  const startsOfSmall = () => started.filter((tenant) => small.includes(tenant)).length;
  await using farm = await startQueueFarm({
    engine,
    settings: { API_KEYS_FILE: file, HOST: "127.0.0.1", MAX_JOBS_PER_CLIENT: "100000", RATE_LIMIT: "1000000/1m" },
    worker: {
      onAccepted({ jobId, tenant }) {
        started.push(tenant);
        if (startsOfSmall() === small.length * smallOrders) isOver.resolve();
        // The first one runs until all have been posted.
        if (started.length > 1) queueMicrotask(() => farm.worker.tell(jobId, { status: "completed" }));
      },
    },
  });
  await posts(big, farm.url);
  for (let posted = 0; posted < bigOrders; posted += 1) await posts(big, farm.url);
  for (const tenant of small) for (let posted = 0; posted < smallOrders; posted += 1) await posts(tenant, farm.url);
  const before = started.length;
  for (const jobId of [...farm.worker.journal.keys()]) farm.worker.tell(jobId, { status: "completed" });
  await isOver.promise;
  return {
    name: `starts until ${small.length} tenants' ${smallOrders} each, behind ${bigOrders} of another, are started (${engine})`,
    value: started.length - before,
    unit: "starts",
    yardstick: { name: "first come, first served", value: bigOrders + small.length * smallOrders },
    target: { most: 25, of: "value" },
  };
}
