import { expect, test } from "bun:test";
import { join } from "node:path";
import { startControlplane } from "#tests/support/processes.ts";
import { redisServer, startRedis } from "#tests/support/redis-server.ts";
import { startS3Front } from "#tests/support/s3-front.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { temporaryFolder } from "#tests/support/service.ts";

const main = join(import.meta.dir, "../../../controlplane/main.ts");

/** How a control plane ends that cannot use its waiting room. */
async function endsWith(QUEUE_URL: string, LOCAL_ROOT: string, more: Record<string, string> = {}) {
  const settings = { PORT: "0", WORKER_NODES: "127.0.0.1:9", RECORD_STORAGE: "local", LOCAL_ROOT, QUEUE_URL };
  const child = Bun.spawn([process.execPath, main], {
    env: { PATH: "", ...settings, ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { out, err, code };
}

test.skipIf(!redisServer).each([
  [["--appendonly", "no"], "Redis forgets orders when it restarts: set `appendonly yes` there"],
  [
    ["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"],
    "Redis drops orders when its memory is full (allkeys-lru): set `maxmemory-policy noeviction` there",
  ],
])("a Redis with %p ends the control plane with 78 and one line", async (settings, reason) => {
  await using home = await temporaryFolder();
  await using redis = await startRedis(settings);
  expect(await endsWith(redis.url, home.path)).toEqual({ out: "", err: `QUEUE_URL: ${reason}\n`, code: 78 });
});

test.skipIf(!redisServer)(
  "a Redis that does not tell its settings is used, and the log says what to see to",
  async () => {
    await using home = await temporaryFolder();
    await using redis = await startRedis();
    await redis.ask("ACL", "SETUSER", "default", "-config");
    const env = { RECORD_STORAGE: "local", LOCAL_ROOT: home.path, QUEUE_URL: redis.url };
    await using started = await startControlplane([9], env);
    const warnings = started.said.map((line) => JSON.parse(line)).filter(({ level }) => level === "warn");
    expect(warnings).toMatchObject([
      { msg: expect.stringMatching(/does not say whether it keeps orders \(NOPERM .*appendonly yes.*noeviction/) },
    ]);
  },
);

test.skipIf(!redisServer)(
  "a Redis that answers before it writes is used, and the log says what that may cost",
  async () => {
    await using home = await temporaryFolder();
    await using redis = await startRedis(["--appendfsync", "everysec"]);
    const env = { RECORD_STORAGE: "local", LOCAL_ROOT: home.path, QUEUE_URL: redis.url };
    await using started = await startControlplane([9], env);
    const warnings = started.said.map((line) => JSON.parse(line)).filter(({ level }) => level === "warn");
    expect(warnings).toMatchObject([{ msg: expect.stringContaining("set `appendfsync always` there") }]);
  },
);

test("a Redis beyond loopback needs QUEUE_SECRET", async () => {
  await using home = await temporaryFolder();
  expect(await endsWith("redis://192.0.2.1:6379", home.path)).toEqual({
    ...{ out: "", code: 78 },
    err: "QUEUE_SECRET: is required for a Redis beyond loopback: set the same at all control planes\n",
  });
});

test("a file of SQLite that another control plane holds is refused in one line", async () => {
  await using home = await temporaryFolder();
  const file = join(home.path, "queue.sqlite");
  const env = { RECORD_STORAGE: "local", LOCAL_ROOT: home.path, QUEUE_URL: `sqlite:${file}` };
  await using _holder = await startControlplane([9], env);
  expect(await endsWith(env.QUEUE_URL, home.path)).toEqual({
    ...{ out: "", code: 78 },
    err: `QUEUE_URL: ${file} is held by another control plane: give each a file of its own, or use redis:// for several\n`,
  });
});

test("a storage of records in which two can create the same object ends the control plane before it takes orders", async () => {
  await using home = await temporaryFolder();
  await using s3 = await startS3Server();
  const env = { ...s3.env, RECORD_STORAGE: "s3" };
  const queue = `sqlite:${join(home.path, "queue.sqlite")}`;
  const { out, err, code } = await endsWith(queue, home.path, env);
  expect({ out, code }).toEqual({ out: "", code: 78 });
  expect(err).toMatch(
    /^RECORD_STORAGE: s3 \(.*\) lets two create the same object.*If-None-Match, or leave QUEUE_URL out\n$/,
  );
  await using front = await startS3Front(s3.options.endpoint ?? "");
  await using _started = await startControlplane([9], { ...env, S3_ENDPOINT: front.url, QUEUE_URL: queue });
});
