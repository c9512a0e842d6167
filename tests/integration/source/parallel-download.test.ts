import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { rejection } from "#tests/support/outcome.ts";
import { type Asked, head, reply, sendFile, sourceServer } from "#tests/support/source-server.ts";
import { fetched } from "./fetch.ts";

const file = randomBytes(400_000);
const parallel = { parallelFromBytes: file.length, connections: 4, minRangeBytes: 100_000 };
const rangesOf = (requests: readonly Asked[]) => requests.map(({ headers }) => headers.range);
const isRange = ({ headers }: Asked) => headers.range !== undefined;

test("fetches a large source over several connections", async () => {
  await using server = await sourceServer((asked) => sendFile(asked, file, '"v1"'));
  expect((await fetched(server.url, parallel)).equals(file)).toBe(true);
  expect(rangesOf(server.requests).toSorted()).toEqual([
    "bytes=100000-199999",
    "bytes=200000-299999",
    "bytes=300000-399999",
    undefined,
  ]);
  for (const { headers } of server.requests.filter(isRange)) expect(headers["if-range"]).toBe('"v1"');
  await server.idle();
});

test("tells the progress of all connections together", async () => {
  await using server = await sourceServer((asked) => sendFile(asked, file, '"v1"'));
  const told: number[] = [];
  await fetched(server.url, { ...parallel, onBytes: (bytes) => told.push(bytes) });
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)).toBe(file.length);
});

const without = (name: string) => (asked: Asked) => {
  const headers = { "Accept-Ranges": "bytes", ETag: '"v1"', "Content-Length": file.length };
  asked.socket.write(head(200, Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))));
  asked.socket.end(file);
};

test.each(["Accept-Ranges", "ETag", "Content-Length"])("uses one connection when there is no %s", async (name) => {
  await using server = await sourceServer(without(name));
  expect((await fetched(server.url, parallel)).equals(file)).toBe(true);
  expect(server.requests).toHaveLength(1);
});

test("uses one connection for a small source", async () => {
  await using server = await sourceServer((asked) => sendFile(asked, file, '"v1"'));
  expect((await fetched(server.url, { ...parallel, parallelFromBytes: file.length + 1 })).equals(file)).toBe(true);
  expect(server.requests).toHaveLength(1);
});

test("repeats only the range that failed, from where it broke off", async () => {
  let cuts = 0;
  await using server = await sourceServer((asked) => {
    const isCut = asked.headers.range === "bytes=200000-299999" && cuts++ === 0;
    sendFile(asked, file, '"v1"', isCut ? 250_000 : undefined);
  });
  expect((await fetched(server.url, parallel)).equals(file)).toBe(true);
  expect(rangesOf(server.requests)).toContain("bytes=250000-299999");
  expect(server.requests).toHaveLength(5);
});

test("goes on by a range when the first connection is cut", async () => {
  await using server = await sourceServer((asked, n) => sendFile(asked, file, '"v1"', n === 0 ? 40_000 : undefined));
  expect((await fetched(server.url, parallel)).equals(file)).toBe(true);
  expect(rangesOf(server.requests)).toContain("bytes=40000-99999");
});

test("does with as many connections as the server allows", async () => {
  let open = 0;
  await using server = await sourceServer((asked) => {
    if (open >= 2) return reply(asked.socket, 429, {});
    open += 1;
    asked.socket.on("close", () => {
      open -= 1;
    });
    return sendFile(asked, file, '"v1"');
  });
  expect((await fetched(server.url, parallel)).equals(file)).toBe(true);
});

const say = (status: number, headers: (range: string) => Record<string, string | number>) => (asked: Asked) =>
  asked.socket.write(`${head(status, headers(asked.headers.range?.replace("=", " ") ?? ""))}wrong`);

test.each([
  ["answers ranges with all of it", say(200, () => ({ "Content-Length": file.length, ETag: '"v1"' }))],
  ["refuses ranges", say(403, () => ({ "Content-Length": 5 }))],
  ["sends another range", say(206, () => ({ "Content-Range": "bytes 0-4/400000" }))],
  ["says another size", say(206, (range) => ({ "Content-Range": `${range}/500000` }))],
  ["says another version", say(206, (range) => ({ "Content-Range": `${range}/400000`, ETag: '"v2"' }))],
])("goes on over the first connection alone when the server %s", async (_what, answerRange) => {
  const given = Promise.withResolvers<void>();
  let givenUp = 0;
  await using server = await sourceServer(async (asked) => {
    if (isRange(asked)) {
      asked.socket.on("close", () => ++givenUp === 3 && given.resolve());
      return answerRange(asked);
    }
    asked.socket.write(head(200, { "Accept-Ranges": "bytes", ETag: '"v1"', "Content-Length": file.length }));
    await given.promise;
    return asked.socket.end(file);
  });
  expect((await fetched(server.url, parallel)).equals(file)).toBe(true);
  expect(server.requests).toHaveLength(4);
});

test("starts over without ranges when they fail after the first connection is done", async () => {
  await using server = await sourceServer((asked, n) => {
    if (n === 0) return sendFile(asked, file, '"v1"', 100_000);
    return isRange(asked) ? reply(asked.socket, 403, {}) : sendFile(asked, file, '"v1"');
  });
  expect((await fetched(server.url, parallel)).equals(file)).toBe(true);
  expect(rangesOf(server.requests).at(-1)).toBeUndefined();
});

test("never mixes two versions", async () => {
  const changed = randomBytes(file.length);
  let version = 1;
  await using server = await sourceServer((asked) => {
    sendFile(asked, version === 1 ? file : changed, `"v${version}"`);
    if (isRange(asked)) version = 2;
  });
  expect((await fetched(server.url, parallel)).equals(changed)).toBe(true);
});

test("an abort ends every connection", async () => {
  const stop = new AbortController();
  const reason = new Error("cancelled");
  await using server = await sourceServer((asked, n) => {
    asked.socket.write(
      head(isRange(asked) ? 206 : 200, { ETag: '"v1"', "Accept-Ranges": "bytes", "Content-Length": file.length }),
    );
    if (n === 3) stop.abort(reason);
  });
  expect(await rejection(fetched(server.url, { ...parallel, signal: stop.signal }))).toBe(reason);
  await server.idle();
});
