import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileHash } from "#shared/storage/file-hash.ts";
import { ftpStorage } from "#shared/storage/ftp/ftp-storage.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { observedStorage } from "#shared/storage/requests.ts";
import { s3Storage } from "#shared/storage/s3/s3-storage.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { startBreakingProxy } from "#tests/support/breaking-proxy.ts";
import { startFtpProxy } from "#tests/support/ftp-proxy.ts";
import { startFtpServer } from "#tests/support/ftp-server.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { toolPath } from "#tests/support/tools.ts";

const vsftpd = toolPath("vsftpd");
const signal = AbortSignal.timeout(60_000);
const headers = headersFor("clip.mp4");
const quick = { attempts: 4, firstPauseMs: 1, answerMs: 5_000 };
const largeBytes = 20 * 2 ** 20;

let folder: string;
let small: string;
let large: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "requests-"));
  [small, large] = [join(folder, "small"), join(folder, "large")];
  await writeFile(small, "clip");
  await writeFile(large, Buffer.alloc(largeBytes, "clip"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The storage as one job has it, and what it is counted for. */
function jobOn(storage: Storage) {
  const seen = { requests: 0, bytes: 0, fetched: 0 };
  const observed = observedStorage(storage, {
    request: () => {
      seen.requests += 1;
    },
    bytes: (count) => {
      seen.bytes += count;
    },
    fetched: (count) => {
      seen.fetched += count;
    },
  });
  return { storage: observed, seen };
}

async function deliver(storage: Storage, ...files: string[]) {
  await storage.stat("taken.mp4", signal);
  for (const [index, file] of files.entries()) {
    const staged = await storage.stage(file, `out/${index}.mp4`, headers, signal);
    await staged.publish(signal);
  }
  await storage.write("out/list.m3u8", "text", headers, signal);
  await storage.remove("out/0.mp4", signal);
}

test("every request that reaches the store is counted: those that were repeated, and each part of a file", async () => {
  await using server = await startS3Server();
  await using proxy = await startBreakingProxy(server.options.endpoint ?? "");
  const { storage, seen } = jobOn(s3Storage({ ...server.options, endpoint: proxy.url, limits: quick }));
  proxy.break("unavailable", /^PUT .*0\.mp4/, 2);
  proxy.break("unavailable", /partNumber=2/);
  await deliver(storage, small, large);
  // stat, 1 + 2 puts, (begin, 3 + 1 parts, end), text, remove
  expect(proxy.requests.length).toBe(12);
  expect(seen).toEqual({ requests: 12, bytes: 4 + largeBytes + 4, fetched: 0 });
  proxy.break("torn", /^GET .*1\.mp4/);
  const file = join(folder, "fetched");
  expect(await storage.fetch("out/1.mp4", file, signal)).toEqual({ bytes: largeBytes });
  expect(await fileHash(file, signal)).toBe(await fileHash(large, signal));
  // its size, 3 + 1 parts
  expect(proxy.requests.length).toBe(17);
  expect(seen).toEqual({ requests: 17, bytes: 4 + largeBytes + 4, fetched: largeBytes });
});

test("jobs that use a store at the same time are counted each by itself, and what is nobody's for none", async () => {
  await using server = await startS3Server();
  const shared = s3Storage(server.options);
  const [one, other] = [jobOn(shared), jobOn(shared)];
  await Promise.all([deliver(one.storage, small), deliver(other.storage, small, small), shared.stat("a", signal)]);
  expect([one.seen.requests, other.seen.requests]).toEqual([4, 5]);
});

test.skipIf(!vsftpd)("every command that reaches an FTP server is counted", async () => {
  await using server = await startFtpServer(vsftpd ?? "");
  await using proxy = await startFtpProxy(server.options.port);
  const { storage, seen } = jobOn(ftpStorage({ ...server.options, port: proxy.port, limits: quick }));
  proxy.break("lost", /^RNTO/);
  await deliver(storage, small, small);
  expect(proxy.commands.filter((command) => command.startsWith("STOR")).length).toBe(3);
  expect(seen.requests).toBe(proxy.commands.filter((command) => command !== "QUIT").length);
  expect(seen.bytes).toBe(12);
  proxy.break("lost", /^RETR/);
  expect(await storage.fetch("out/1.mp4", join(folder, "ftp-fetched"), signal)).toEqual({ bytes: 4 });
  expect(seen.fetched).toBe(4);
});

test("on a local disk every operation counts", async () => {
  const { storage, seen } = jobOn(localStorage({ root: join(folder, "out") }));
  await deliver(storage, small);
  // stat, stage, publish, (stage, publish), remove
  expect(seen).toEqual({ requests: 6, bytes: 8, fetched: 0 });
});
