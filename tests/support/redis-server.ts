import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RedisClient } from "bun";
import { freePort } from "#tests/support/processes.ts";
import { toolPath } from "#tests/support/tools.ts";

/** Undefined lets a test skip itself. */
export const redisServer = toolPath("redis-server", "/usr/bin");

/**
 * Starts a Redis with an append-only file in a folder of its own; `options` are those of its command line. It writes each
 * change before it answers, which by default it does not while the disk is busy.
 */
export async function startRedis(options: readonly string[] = []) {
  const folder = await mkdtemp(join(tmpdir(), "redis-"));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const spawn = () =>
    Bun.spawn(
      [
        ...[redisServer ?? "redis-server", "--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder],
        ...["--save", "", "--appendonly", "yes", "--appendfsync", "always", ...options],
      ],
      { stdout: "ignore", stderr: "ignore" },
    );
  let server = spawn();
  await untilReady(url);
  return {
    url,
    port,
    /** Ends it at once, as a crash does. */
    async kill() {
      server.kill("SIGKILL");
      await server.exited;
    },
    /** Starts it again with the same files. */
    async restart() {
      server = spawn();
      await untilReady(url);
    },
    freeze: () => server.kill("SIGSTOP"),
    thaw: () => server.kill("SIGCONT"),
    /** What another client sees. */
    async ask(command: string, ...args: string[]): Promise<unknown> {
      const client = new RedisClient(url);
      try {
        return await client.send(command, args);
      } finally {
        client.close();
      }
    },
    async [Symbol.asyncDispose]() {
      server.kill("SIGCONT");
      server.kill("SIGKILL");
      await server.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A connection is refused until it listens, and commands while it loads its file. */
async function untilReady(url: string): Promise<void> {
  const client = new RedisClient(url, { autoReconnect: false });
  const isReady = await client.send("PING", []).then(
    () => true,
    (error: unknown) => error instanceof Error && /NOAUTH/.test(error.message),
  );
  client.close();
  if (isReady) return;
  await Bun.sleep(10);
  await untilReady(url);
}
