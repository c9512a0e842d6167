import { expect, test } from "bun:test";
import { rejection } from "#tests/support/outcome.ts";
import { head, reply, sendFile, sourceServer } from "#tests/support/source-server.ts";
import { fetched } from "./fetch.ts";

// Only what is tested is short: a busy machine may come to the others first.
const once = { retry: { withinMs: 0 } };
const never = () => new Promise<never>(() => {});

test("fails when no connection comes about", async () => {
  expect(
    await rejection(fetched("http://name.test/", { ...once, connectTimeoutMs: 30, resolve: never })),
  ).toMatchObject({
    kind: "source_failed",
    message: "the source did not accept a connection within 0.03 s",
  });
});

test("fails when no answer comes", async () => {
  await using server = await sourceServer(() => {});
  expect(await rejection(fetched(server.url, { ...once, answerTimeoutMs: 30 }))).toMatchObject({
    message: "the source did not answer within 0.03 s",
  });
  await server.idle();
});

test("fails when the body stalls", async () => {
  await using server = await sourceServer(({ socket }) => socket.write(`${head(200, { "Content-Length": 9 })}vid`));
  expect(await rejection(fetched(server.url, { ...once, silenceTimeoutMs: 30 }))).toMatchObject({
    message: "the source sent nothing for 0.03 s",
  });
  await server.idle();
});

test("goes on over a new connection after a stall", async () => {
  await using server = await sourceServer((asked, n) => {
    if (n > 0) return sendFile(asked, Buffer.from("video"), '"v1"');
    return asked.socket.write(`${head(200, { ETag: '"v1"', "Content-Length": 5 })}vid`);
  });
  expect((await fetched(server.url, { silenceTimeoutMs: 30 })).toString()).toBe("video");
  expect(server.requests[1]?.headers.range).toBe("bytes=3-");
});

const reason = new Error("cancelled");

test("an abort ends the wait for a name", async () => {
  const stop = new AbortController();
  const resolve = () => {
    queueMicrotask(() => stop.abort(reason));
    return never();
  };
  expect(await rejection(fetched("http://name.test/", { signal: stop.signal, resolve }))).toBe(reason);
});

test("an abort ends the wait for an answer, and the connection", async () => {
  const stop = new AbortController();
  await using server = await sourceServer(() => stop.abort(reason));
  expect(await rejection(fetched(server.url, { signal: stop.signal }))).toBe(reason);
  await server.idle();
});

test("an abort ends a body, and the connection", async () => {
  const stop = new AbortController();
  await using server = await sourceServer(({ socket }) => socket.write(`${head(200, { "Content-Length": 9 })}vid`));
  const onBytes = () => stop.abort(reason);
  expect(await rejection(fetched(server.url, { signal: stop.signal, onBytes }))).toBe(reason);
  await server.idle();
});

test("an abort ends a pause between tries", async () => {
  const stop = new AbortController();
  await using server = await sourceServer(({ socket }) => {
    socket.on("close", () => stop.abort(reason));
    reply(socket, 503, {});
  });
  const slow = { retry: { firstPauseMs: 60_000, withinMs: 120_000 } };
  expect(await rejection(fetched(server.url, { signal: stop.signal, ...slow }))).toBe(reason);
});

test("asks nobody once aborted", async () => {
  await using server = await sourceServer(() => {});
  expect(await rejection(fetched(server.url, { signal: AbortSignal.abort(reason) }))).toBe(reason);
  expect(server.requests).toBeEmpty();
});
