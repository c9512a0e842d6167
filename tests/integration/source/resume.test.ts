import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { rejection } from "#tests/support/outcome.ts";
import { type Asked, head, sendFile, sourceServer } from "#tests/support/source-server.ts";
import { fetched } from "./fetch.ts";

const file = randomBytes(300_000);
const rangesOf = (requests: readonly Asked[]) => requests.map(({ headers }) => headers.range);

test("goes on where the connection was cut", async () => {
  const cuts = [100_000, 200_000];
  await using server = await sourceServer((asked, n) => sendFile(asked, file, '"v1"', cuts[n]));

  expect((await fetched(server.url)).equals(file)).toBe(true);
  expect(rangesOf(server.requests)).toEqual([undefined, "bytes=100000-", "bytes=200000-"]);
});

test("begins to retry anew after each progress", async () => {
  await using server = await sourceServer((asked, n) => sendFile(asked, file, '"v1"', (n + 1) * 10_000));
  expect((await fetched(server.url, { retry: { firstPauseMs: 2, withinMs: 3 } })).equals(file)).toBe(true);
  expect(server.requests).toHaveLength(30);
});

test("gives up when no try brings anything", async () => {
  await using server = await sourceServer((asked) => sendFile(asked, file, '"v1"', 100_000));
  expect(await rejection(fetched(server.url))).toMatchObject({
    kind: "source_failed",
    message: "the source cut the connection",
  });
});

test("starts over when the source changed between", async () => {
  const changed = randomBytes(250_000);
  await using server = await sourceServer((asked, n) =>
    n === 0 ? sendFile(asked, file, '"v1"', 100_000) : sendFile(asked, changed, '"v2"'),
  );
  expect((await fetched(server.url)).equals(changed)).toBe(true);
});

test("starts over when the server sends a part of another version", async () => {
  const changed = randomBytes(300_000);
  await using server = await sourceServer((asked, n) => {
    if (n === 0) return sendFile(asked, file, '"v1"', 100_000);
    if (n === 2) return sendFile(asked, changed, '"v2"');
    const range = "bytes 100000-299999/300000";
    asked.socket.write(head(206, { ETag: '"v2"', "Content-Range": range, "Content-Length": 200_000 }));
    return asked.socket.end(changed.subarray(100_000));
  });
  expect((await fetched(server.url)).equals(changed)).toBe(true);
  expect(rangesOf(server.requests)).toEqual([undefined, "bytes=100000-", undefined]);
});

test("starts over when the server knows no ranges", async () => {
  await using server = await sourceServer(({ socket }, n) => {
    socket.write(head(200, { "Content-Length": file.length, ETag: '"v1"' }));
    socket.end(n === 0 ? file.subarray(0, 100_000) : file);
  });
  expect((await fetched(server.url)).equals(file)).toBe(true);
});

test("starts over when nothing names the version", async () => {
  await using server = await sourceServer(({ socket }, n) => {
    socket.write(head(200, { "Content-Length": file.length, ETag: 'W/"weak"' }));
    socket.end(n === 0 ? file.subarray(0, 100_000) : file);
  });
  expect((await fetched(server.url)).equals(file)).toBe(true);
  expect(rangesOf(server.requests)).toEqual([undefined, undefined]);
});

test.each(["bytes 90000-299999/300000", "bytes 100000-299999/400000", "nonsense", ""])(
  "starts over when the part that comes is not the one asked for: %j",
  async (range) => {
    await using server = await sourceServer((asked, n) => {
      if (n !== 1) return sendFile(asked, file, '"v1"', n === 0 ? 100_000 : undefined);
      return asked.socket.end(`${head(206, { ETag: '"v1"', "Content-Range": range, "Content-Length": 5 })}wrong`);
    });
    expect((await fetched(server.url)).equals(file)).toBe(true);
  },
);

test("goes on by the time of the last change where there is no ETag", async () => {
  const times = { "Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT", Date: "Wed, 01 Jan 2025 00:00:01 GMT" };
  await using server = await sourceServer(({ headers, socket }) => {
    if (headers["if-range"] === times["Last-Modified"]) {
      socket.write(head(206, { ...times, "Content-Length": 200_000, "Content-Range": "bytes 100000-299999/300000" }));
      return socket.end(file.subarray(100_000));
    }
    socket.write(head(200, { ...times, "Content-Length": file.length }));
    return socket.end(file.subarray(0, 100_000));
  });
  expect((await fetched(server.url)).equals(file)).toBe(true);
  expect(rangesOf(server.requests)).toEqual([undefined, "bytes=100000-"]);
});

test("takes a chunked body without its end for a cut", async () => {
  await using server = await sourceServer(({ socket }, n) =>
    socket.end(`${head(200, { "Transfer-Encoding": "chunked" })}5\r\nvideo\r\n${n === 0 ? "" : "0\r\n\r\n"}`),
  );
  expect((await fetched(server.url)).toString()).toBe("video");
  expect(server.requests).toHaveLength(2);
});
