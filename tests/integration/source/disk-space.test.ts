import { afterAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rejection } from "#tests/support/outcome.ts";
import { head, reply, sourceServer } from "#tests/support/source-server.ts";
import { ensureFreeSpace, watchFreeSpace } from "#worker/disk-space.ts";
import { httpSource } from "#worker/source/http-source.ts";
import { fetched, ranges } from "./fetch.ts";

const full = (...free: number[]) => ({ reserveBytes: 1_000, freeBytes: async () => free.shift() ?? 0 });

test("fetches what fits, and leaves the reserve", async () => {
  await using server = await sourceServer(({ socket }) => reply(socket, 200, {}, "video"));
  expect((await fetched(server.url, { diskSpace: full(1_005) })).toString()).toBe("video");
});

test("refuses a source that does not fit, unread, and not as a failure of the source", async () => {
  await using server = await sourceServer(({ socket }) => socket.write(head(200, { "Content-Length": 5_300_000_000 })));
  expect(await rejection(fetched(server.url, { diskSpace: full(1_200_001_000) }))).toMatchObject({
    kind: "internal",
    message: "the worker has no room for the source: it needs 5.3 GB, and 1.2 GB are free",
  });
  await server.idle();
  expect(server.requests).toHaveLength(1);
});

test("stops a source of unknown length when the disk fills up meanwhile", async () => {
  const piece = Buffer.alloc(2 ** 20);
  await using server = await sourceServer(({ socket }) => {
    socket.write(head(200));
    const send = () => {
      while (socket.writable && socket.write(piece));
    };
    socket.on("drain", send);
    send();
  });
  expect(await rejection(fetched(server.url, { diskSpace: full(2 ** 30, 2 ** 20 + 1_000) }))).toMatchObject({
    kind: "internal",
    message: "the worker has no room for the source: it needs 67.1 MB, and 1.0 MB are free",
  });
  await server.idle();
});

test("tells whether there is room for anything else", async () => {
  await ensureFreeSpace(tmpdir(), 1, "the output", { reserveBytes: 0 });
  expect(await rejection(ensureFreeSpace(tmpdir(), 2 ** 60, "the output", { reserveBytes: 0 }))).toMatchObject({
    kind: "internal",
    message: expect.stringContaining("the worker has no room for the output: it needs 1152921504.6 GB"),
  });
});

test("a disk that was full for a moment is remembered, and so is a time in which nobody looked", async () => {
  const free = [2 ** 30, 0];
  const looked = Promise.withResolvers<void>();
  const freeBytes = async () => {
    if (free.length === 0) looked.resolve();
    return free.shift() ?? 2 ** 30;
  };
  using watch = watchFreeSpace(tmpdir(), "the output", { freeBytes, everyMs: 1, blindMs: 60_000 });
  await looked.promise;
  expect(await rejection(watch.check())).toMatchObject({
    kind: "internal",
    message: expect.stringContaining("no room"),
  });

  using blind = watchFreeSpace(tmpdir(), "the output", { freeBytes, everyMs: 1, blindMs: 1_000 });
  await blind.check();
  Bun.sleepSync(1_100);
  expect(await rejection(blind.check())).toMatchObject({ message: expect.stringContaining("stood still") });
});

/** A disk of 1 MiB, where this process may mount one. */
async function mountSmallDisk() {
  const dir = await mkdtemp(join(tmpdir(), "disk-"));
  const run = (...argv: string[]) => Bun.which(argv[0] ?? "") !== null && Bun.spawnSync(argv).success;
  const isMounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "none", dir);
  const remove = async () => {
    if (isMounted) run("umount", dir);
    await rm(dir, { recursive: true });
  };
  return { dir, isMounted, remove };
}

const { dir, isMounted, remove } = await mountSmallDisk();
afterAll(remove);

describe.skipIf(!isMounted)("on a small disk", () => {
  const rules = { schemes: ["http"], allowedCidrs: ranges("127.0.0.1") };
  const { signal } = new AbortController();

  test("refuses a source that is larger than it", async () => {
    await using server = await sourceServer(({ socket }) => socket.write(head(200, { "Content-Length": 2 ** 21 })));
    expect(await rejection(httpSource(rules)(server.url, dir, signal))).toMatchObject({
      kind: "internal",
      message: "the worker has no room for the source: it needs 2.1 MB, and 1.0 MB are free",
    });
  });

  test("says that it is full when it is", async () => {
    await using server = await sourceServer(({ socket }) => socket.end(head(200) + "x".repeat(2 ** 21)));
    const diskSpace = { reserveBytes: 0, freeBytes: async () => Number.POSITIVE_INFINITY };
    expect(await rejection(httpSource({ ...rules, diskSpace })(server.url, dir, signal))).toMatchObject({
      kind: "internal",
      message: "the worker has no room left for the source",
      cause: expect.objectContaining({ code: "ENOSPC" }),
    });
  });
});
