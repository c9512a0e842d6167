import { expect, test } from "bun:test";
import { headersFor } from "#shared/storage/object-headers.ts";
import { s3Storage } from "#shared/storage/s3/s3-storage.ts";
import { watchedStorage } from "#shared/storage/watched.ts";
import { startBreakingProxy } from "#tests/support/breaking-proxy.ts";
import { outcome, rejection } from "#tests/support/outcome.ts";
import { startS3Server } from "#tests/support/s3-server.ts";

const signal = AbortSignal.timeout(180_000);
const headers = headersFor("a.json");

/** A watched bucket behind a link that can be broken, what it logs, and a clock that stands. */
async function openWatched(readLimits: { afterFailureMs: number; silentMs: number }) {
  const server = await startS3Server();
  const proxy = await startBreakingProxy(server.options.endpoint ?? "");
  const logged: { level: string; message: string }[] = [];
  const log = (level: string) => (_: unknown, message?: string) =>
    void logged.push({ level, message: String(message) });
  const clock = { now: 1 };
  const watched = watchedStorage(s3Storage({ ...server.options, endpoint: proxy.url }), {
    setting: "RECORD_STORAGE",
    // biome-ignore lint/suspicious/noExplicitAny: of a logger only these two are used.
    log: { warn: log("warn"), info: log("info") } as any,
    now: () => clock.now,
    readLimits,
    pauseMs: 1_000,
  });
  const place = `s3 (bucket media at ${proxy.url})`;
  return {
    ...{ watched, proxy, logged, clock, place },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const named = (words: string) => ({
  kind: "delivery_failed",
  message: `RECORD_STORAGE: ${words}`,
  fields: [{ field: "RECORD_STORAGE", message: words }],
});

test.each([
  ["cut", "the storage cut the connection", { afterFailureMs: 1, silentMs: 60_000 }],
  ["unavailable", "the storage answered with an error (503)", { afterFailureMs: 1, silentMs: 60_000 }],
  ["hang", "the storage did not answer in time", { afterFailureMs: 60_000, silentMs: 1_500 }],
] as const)(
  "who reads from a store of which all is %s hears so soon, with its name",
  async (how, reason, readLimits) => {
    await using opened = await openWatched(readLimits);
    const { watched, proxy, logged, clock, place } = opened;
    await watched.storage.write("a.json", "{}", headers, signal);
    expect(watched.problem()).toBeUndefined();
    proxy.break(how, /./, Number.POSITIVE_INFINITY);
    const problem = named(`${place}: ${reason}`);
    expect(await rejection(watched.storage.read("a.json", signal))).toMatchObject(problem);
    expect(watched.problem()).toBe(`${place}: ${reason}`);

    const asked = proxy.requests.length;
    expect(await rejection(watched.storage.stat("a.json", signal))).toMatchObject(problem);
    expect(await rejection(Array.fromAsync(watched.storage.list("a/", signal)))).toMatchObject(problem);
    expect(proxy.requests).toHaveLength(asked);

    proxy.mend();
    clock.now += 1_000;
    expect(await watched.storage.read("a.json", signal)).toBe("{}");
    expect(watched.problem()).toBeUndefined();
    expect(logged).toEqual([
      { level: "warn", message: "the storage does not do what it is asked" },
      { level: "info", message: "the storage is in order again" },
    ]);
  },
);

test("writing is retried as often as the storage does", async () => {
  await using opened = await openWatched({ afterFailureMs: 1, silentMs: 1 });
  opened.proxy.break("cut", /./, 3);
  await opened.watched.storage.write("a.json", "{}", headers, signal);
  expect(opened.proxy.requests).toHaveLength(4);
});

test("who leaves while it reads says nothing of the storage", async () => {
  await using opened = await openWatched({ afterFailureMs: 60_000, silentMs: 60_000 });
  opened.proxy.break("hang", /./);
  const leave = new AbortController();
  const reading = opened.watched.storage.read("a.json", leave.signal);
  await opened.proxy.broken();
  leave.abort(new Error("left"));
  expect(await outcome(reading)).toThrow("left");
  expect(opened.watched.problem()).toBeUndefined();
  expect(opened.logged).toEqual([]);
});

test("what is asked for in a wrong way is no trouble of the storage", async () => {
  await using opened = await openWatched({ afterFailureMs: 1, silentMs: 60_000 });
  expect(await rejection(opened.watched.storage.read("../a.json", signal))).toMatchObject({ kind: "invalid" });
  expect(opened.watched.problem()).toBeUndefined();
});
