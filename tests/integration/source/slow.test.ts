import { expect, test } from "bun:test";
import { rejection } from "#tests/support/outcome.ts";
import { head, sendFile, sourceServer } from "#tests/support/source-server.ts";
import { fetched } from "./fetch.ts";

const tooSlow = { kind: "source_failed", message: "the source sends less than 1024 bytes a second" };

test("gives up on a server that sends a byte now and then", async () => {
  await using server = await sourceServer(({ socket }) => {
    socket.write(head(200, { "Content-Length": 1_000_000 }));
    const timer = setInterval(() => socket.write("x"), 5);
    socket.on("close", () => clearInterval(timer));
  });
  expect(await rejection(fetched(server.url, { speedWindowMs: 40 }))).toMatchObject(tooSlow);
  await server.idle();
});

test("gives up on a server that cuts the connection after every byte", async () => {
  const file = Buffer.alloc(1_000_000);
  await using server = await sourceServer((asked, n) => sendFile(asked, file, '"v1"', n + 1));
  expect(
    await rejection(fetched(server.url, { retry: { firstPauseMs: 5, withinMs: 100 }, speedWindowMs: 40 })),
  ).toMatchObject(tooSlow);
});

test("bears a pause when what came before it was fast", async () => {
  await using server = await sourceServer(({ socket }) => {
    socket.write(head(200, { "Content-Length": 1_000_000 }));
    socket.write(Buffer.alloc(999_999));
    setTimeout(() => socket.end("x"), 60);
  });
  expect(await fetched(server.url, { speedWindowMs: 40 })).toHaveLength(1_000_000);
});

test("lets a slow server be where the limit allows it", async () => {
  await using server = await sourceServer(({ socket }) => {
    socket.write(`${head(200, { "Content-Length": 3 })}a`);
    setTimeout(() => socket.write("b"), 30);
    setTimeout(() => socket.end("c"), 60);
  });
  expect((await fetched(server.url, { speedWindowMs: 10, minBytesPerSecond: 0 })).toString()).toBe("abc");
});
