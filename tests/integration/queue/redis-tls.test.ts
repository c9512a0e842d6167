import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { openRedisRoom } from "#controlplane/queue/redis/redis-room.ts";
import { makeLog } from "#shared/log.ts";
import { certificateAuthority } from "#tests/support/certificates.ts";
import { rejection } from "#tests/support/outcome.ts";
import { freePort } from "#tests/support/processes.ts";
import { redisServer, startRedis } from "#tests/support/redis-server.ts";

const log = makeLog("test", { level: "silent" });

type Authority = Awaited<ReturnType<typeof certificateAuthority>>;

/** A Redis that speaks TLS, with a certificate for this name. */
async function startWithTls(authority: Authority, name: string) {
  await authority.sign("server", name);
  const port = await freePort();
  const files = ["--tls-cert-file", authority.path("server.pem"), "--tls-key-file", authority.path("server.key")];
  const clients = ["--tls-ca-cert-file", authority.path("root.pem"), "--tls-auth-clients", "no"];
  return Object.assign(await startRedis(["--tls-port", `${port}`, ...files, ...clients]), {
    tlsUrl: `rediss://localhost:${port}`,
  });
}

/** What a process says that trusts this authority and adds an order. */
async function addTrusting(authority: Authority, url: string) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "tls-holder/holder.ts"), url], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: authority.path("root.pem") },
    stdout: "pipe",
    stderr: "inherit",
  });
  return child.stdout.text();
}

describe.skipIf(!redisServer)("with redis-server", () => {
  test("a certificate of an unknown authority is a mistake of the settings, one of a known is taken", async () => {
    await using authority = await certificateAuthority();
    await using redis = await startWithTls(authority, "localhost");
    const fault = await rejection(openRedisRoom(redis.tlsUrl, { log }));
    expect(fault).toMatchObject({ kind: "invalid", message: expect.stringContaining("NODE_EXTRA_CA_CERTS") });
    expect(JSON.parse(await addTrusting(authority, redis.tlsUrl))).toEqual({ position: 1 });
    expect(await redis.ask("EXISTS", "{flux}:sequence")).toBe(1);
  });

  test("a certificate for another name is a mistake of the settings", async () => {
    await using authority = await certificateAuthority();
    await using redis = await startWithTls(authority, "elsewhere.example");
    expect(await addTrusting(authority, redis.tlsUrl)).toContain("for another host name");
  });
});
