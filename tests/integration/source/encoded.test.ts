import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { rejection } from "#tests/support/outcome.ts";
import { head, reply, sendFile, sourceServer } from "#tests/support/source-server.ts";
import { fetched } from "./fetch.ts";

const file = Buffer.concat([randomBytes(200_000), Buffer.alloc(200_000, "film")]);
const always = { "Accept-Ranges": "bytes", ETag: '"v1"' };

/** Sends bytes under a Content-Encoding, with the length of what is sent. */
const sending = (coding: string, bytes: Uint8Array) =>
  sourceServer(({ socket }) => {
    socket.write(head(200, { ...always, "Content-Encoding": coding, "Content-Length": bytes.length }));
    socket.end(bytes);
  });

const failure = (message: string) => ({ kind: "source_failed", message: `the source ${message}` });

test.each([
  ["gzip", gzipSync(file)],
  ["GZIP", gzipSync(file)],
  ["x-gzip", gzipSync(file)],
  ["gzip", Buffer.concat([gzipSync(file.subarray(0, 9)), gzipSync(file.subarray(9))])],
  ["deflate", deflateSync(file)],
  ["deflate", deflateRawSync(file)],
  ["br", brotliCompressSync(file)],
  ["zstd", zstdCompressSync(file)],
  ["gzip, br", brotliCompressSync(gzipSync(file))],
  ["identity", file],
  ["aws-chunked, gzip", gzipSync(file)],
  ["aws-chunked", file],
  ["utf-8", file],
])("undoes %s", async (coding, bytes) => {
  await using server = await sending(coding, bytes);
  expect((await fetched(server.url)).equals(file)).toBe(true);
  expect(server.requests.map(({ headers }) => headers["accept-encoding"])).toEqual(["identity"]);
});

test("fetches an encoded source over one connection, and tells no length that it does not know", async () => {
  await using server = await sending("gzip", gzipSync(file));
  const told: unknown[] = [];
  const onBytes = (...bytes: unknown[]) => told.push(bytes);
  expect((await fetched(server.url, { parallelFromBytes: 1, minRangeBytes: 1, onBytes })).equals(file)).toBe(true);
  expect(server.requests).toHaveLength(1);
  expect(told.at(-1)).toEqual([file.length, undefined]);
});

test("starts over, without a range, when an encoded body is cut", async () => {
  const sent = gzipSync(file);
  const arrived = Promise.withResolvers<void>();
  await using server = await sourceServer(async ({ socket }, n) => {
    socket.write(head(200, { ...always, "Content-Encoding": "gzip", "Content-Length": sent.length }));
    if (n > 0) return socket.end(sent);
    socket.write(sent.subarray(0, 200_000));
    await arrived.promise;
    return socket.destroy();
  });
  expect((await fetched(server.url, { onBytes: () => arrived.resolve() })).equals(file)).toBe(true);
  expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, undefined]);
});

test("starts over when gzip ends before its end", async () => {
  const bytes = gzipSync(file);
  await using server = await sourceServer(({ socket }, n) => {
    socket.write(head(200, { "Content-Encoding": "gzip" }));
    socket.end(n === 0 ? bytes.subarray(0, -100) : bytes);
  });
  expect((await fetched(server.url)).equals(file)).toBe(true);
  expect(server.requests).toHaveLength(2);
});

test("goes on with nothing of a plain source when the rest would come encoded", async () => {
  const sent = gzipSync(file);
  await using server = await sourceServer((asked, n) => {
    if (n === 0) return sendFile(asked, file, '"v1"', 100_000);
    const range = asked.headers.range ? { "Content-Range": `bytes 100000-399999/${file.length}` } : {};
    const status = asked.headers.range ? 206 : 200;
    asked.socket.write(
      head(status, { ...always, ...range, "Content-Encoding": "gzip", "Content-Length": sent.length }),
    );
    return asked.socket.end(sent);
  });
  expect((await fetched(server.url)).equals(file)).toBe(true);
  expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, "bytes=100000-", undefined]);
});

test.each([
  ["gzip", "video", "announces the content coding gzip, and what it sends is not in it"],
  ["br", "video, plainly", "announces the content coding br, and what it sends is not in it"],
  ["compress", "video", "is sent in the content coding compress; have it sent as it is"],
  ["gzip,gzip,gzip,gzip", "video", "is compressed more than 3 times over"],
  ["gzip", "", "is empty"],
])("refuses %s of %j", async (coding, body, message) => {
  await using server = await sending(coding, Buffer.from(body));
  expect(await rejection(fetched(server.url))).toMatchObject(failure(message));
  expect(server.requests).toHaveLength(1);
  await server.idle();
});

test("says what a server answered, however the page that says so is sent", async () => {
  await using server = await sourceServer(({ socket }) => reply(socket, 404, { "Content-Encoding": "compress" }, "x"));
  expect(await rejection(fetched(server.url))).toMatchObject(failure("answered 404 Not Found"));
});

const maxBytes = 1_000_000;
const tooLarge = failure("is larger than 1000000 bytes, the limit");

test.each([
  ["gzip", gzipSync(Buffer.alloc(100 * maxBytes))],
  ["br", brotliCompressSync(Buffer.alloc(100 * maxBytes))],
  ["gzip, gzip", gzipSync(gzipSync(Buffer.alloc(100 * maxBytes)))],
])("refuses a bomb of %s by what comes out of it", async (coding, bomb) => {
  expect(bomb.length).toBeLessThan(maxBytes / 5);
  await using server = await sending(coding, bomb);
  const sizes: number[] = [];
  expect(await rejection(fetched(server.url, { maxBytes, onBytes: (bytes) => sizes.push(bytes) }))).toMatchObject(
    tooLarge,
  );
  expect(Math.max(...sizes)).toBeLessThanOrEqual(maxBytes);
  await server.idle();
});

test("refuses an encoded source by what it announces, unread", async () => {
  await using server = await sourceServer(({ socket }) =>
    socket.write(head(200, { "Content-Encoding": "gzip", "Content-Length": maxBytes + 1 })),
  );
  expect(await rejection(fetched(server.url, { maxBytes }))).toMatchObject(tooLarge);
  await server.idle();
});

test("refuses an encoded source by what is sent, though nothing comes out of it", async () => {
  const emptyBlocks = Buffer.alloc(5 * maxBytes).fill(Buffer.from([0, 0, 0, 0xff, 0xff]));
  await using server = await sourceServer(({ socket }) => {
    socket.write(head(200, { "Content-Encoding": "gzip" }));
    socket.write(gzipSync("").subarray(0, 10));
    socket.write(emptyBlocks);
  });
  expect(await rejection(fetched(server.url, { maxBytes }))).toMatchObject(tooLarge);
  await server.idle();
});
