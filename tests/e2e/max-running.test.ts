import { expect, test } from "bun:test";
import { join } from "node:path";
import { hashOf } from "#controlplane/auth/keys.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { redisServer, startRedis } from "#tests/support/redis-server.ts";
import { eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const orders = 10;
const key = "key-of-acme-0123456789";
const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };

/** A job as its record tells of it. */
type Recorded = { id: string; acceptedAt: number; endedAt: number; status: string };

/** Two control planes before two workers, of which each may be killed at any time and comes back. */
async function startFarm() {
  const stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder()).path;
  const redis = stack.use(await startRedis());
  const files = { keys: join(home, "keys.json"), tenants: join(home, "tenants.json") };
  const entry = { tenant: "acme", name: "ci", scopes: ["jobs:write", "jobs:read"], hash: hashOf(key) };
  await Bun.write(files.keys, JSON.stringify([entry]));
  await Bun.write(files.tenants, JSON.stringify({ acme: { max_running: 1 } }));
  const ports = [await freePort(), await freePort()];
  const worker = (at: number) => async () =>
    stack.use(await startWorker({ port: ports[at] ?? 0, home, MAX_CONCURRENT_JOBS: "2", MAX_ATTEMPTS: "20" }));
  const front = async () =>
    stack.use(
      await startControlplane(ports, {
        ...{ RECORD_STORAGE: "local", LOCAL_ROOT: join(home, "out"), QUEUE_URL: redis.url, HOST: "127.0.0.1" },
        ...{ API_KEYS_FILE: files.keys, TENANTS_FILE: files.tenants },
      }),
    );
  const workers = [await restarting(worker(0)), await restarting(worker(1))];
  const fronts = [await restarting(front), await restarting(front)];
  const records = join(home, "out/.flux/jobs");
  return {
    fronts,
    kills: [
      ...[...fronts, ...workers].map(({ kill }) => kill),
      async () => {
        await redis.kill();
        await redis.restart();
      },
    ],
    /** The jobs that a worker has accepted, in the order of that. */
    async accepted(): Promise<Recorded[]> {
      const paths = (await filesIn(records)).filter((path) => /^\d{4}-\d\d-\d\d\/[0-9a-f-]+\.json$/.test(path));
      const read = await Promise.all(paths.map((path) => recordAt(join(records, path))));
      return read.flatMap((one) => one ?? []).sort((a, b) => a.acceptedAt - b.acceptedAt);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function restarting<T extends { kill(signal: NodeJS.Signals): void; exited: Promise<number> }>(
  start: () => Promise<T>,
) {
  let current = await start();
  return {
    now: () => current,
    async kill() {
      current.kill("SIGKILL");
      await current.exited;
      current = await start();
    },
  };
}

/** Undefined while it is just being replaced. */
async function recordAt(path: string): Promise<Recorded | undefined> {
  const record = await Bun.file(path)
    .json()
    .catch(() => undefined);
  if (!record) return undefined;
  const { job_id: id, status, timestamp } = record.event ?? record;
  return { id, status, acceptedAt: Date.parse(record.accepted_at), endedAt: Date.parse(timestamp) };
}

const isOver = ({ status }: Recorded) => ["completed", "failed", "cancelled"].includes(status);

test.skipIf(!redisServer)(
  "of a tenant that may have one job running never two run, whatever is killed",
  async () => {
    await using sources = serveFiles({ "clip.mp4": await clip({ seconds: 1 }) });
    await using farm = await startFarm();
    const body = JSON.stringify({ input_url: sources.url("clip.mp4"), preset: "slow" });
    for (let posted = 0; posted < orders; posted += 1) {
      const { url = "" } = farm.fronts[posted % 2]?.now() ?? {};
      expect((await fetch(`${url}/api/v1/jobs`, { method: "POST", headers, body })).status).toBe(202);
    }

    // Everything is killed in turn: by turns while a job runs, and when one has just ended.
    for (let round = 0; (await farm.accepted()).filter(isOver).length < orders; round += 1) {
      const before = (await farm.accepted()).filter(isOver).length;
      const isRunning = async () => (await farm.accepted()).some((job) => !isOver(job));
      const hasEnded = async () => (await farm.accepted()).filter(isOver).length > before;
      if (round % 2 === 0)
        await eventually(async () => (await isRunning()) || (await hasEnded()), "a job runs", 60_000);
      else await eventually(hasEnded, "a job ends", 60_000);
      await farm.kills[Math.floor(round / 2) % farm.kills.length]?.();
    }

    const jobs = await farm.accepted();
    expect(jobs.map(({ status }) => status)).toEqual(Array.from({ length: orders }, () => "completed"));
    const overlaps = jobs.slice(1).filter(({ acceptedAt }, index) => acceptedAt < (jobs[index]?.endedAt ?? 0));
    expect(overlaps).toEqual([]);
  },
  300_000,
);
