import { expect, test } from "bun:test";
import { rejection } from "#tests/support/outcome.ts";
import { head, reply, sourceServer } from "#tests/support/source-server.ts";
import { fetched } from "./fetch.ts";

const failure = (message: string) => ({ kind: "source_failed", message: expect.stringContaining(message) });

test("spools a body of known length", async () => {
  await using server = await sourceServer(({ socket }) => reply(socket, 200, {}, "video"));
  expect((await fetched(`${server.url}/a.mp4?sig=1`)).toString()).toBe("video");
  expect(server.requests).toMatchObject([
    { method: "GET", path: "/a.mp4?sig=1", headers: { "accept-encoding": "identity", host: server.url.slice(7) } },
  ]);
});

test("spools a chunked body", async () => {
  const body = "3\r\nvid\r\n2\r\neo\r\n0\r\n\r\n";
  await using server = await sourceServer(({ socket }) =>
    socket.end(head(200, { "Transfer-Encoding": "chunked" }) + body),
  );
  expect((await fetched(server.url)).toString()).toBe("video");
});

test("spools a body that ends with the connection", async () => {
  await using server = await sourceServer(({ socket }) => socket.end(`${head(200)}video`));
  expect((await fetched(server.url)).toString()).toBe("video");
});

test("tells how much has arrived of how much", async () => {
  await using server = await sourceServer(({ socket }) => reply(socket, 200, {}, "video"));
  const told: unknown[] = [];
  await fetched(server.url, { onBytes: (...bytes) => told.push(bytes) });
  expect(told).toEqual([[5, 5]]);
});

test("fetches over IPv6", async () => {
  await using server = await sourceServer(({ socket }) => reply(socket, 200, {}, "video"), { host: "::1" });
  expect((await fetched(server.url)).toString()).toBe("video");
});

test("sends credentials of the URL as Authorization, not in the path", async () => {
  await using server = await sourceServer(({ socket }) => reply(socket, 200, {}, "video"));
  await fetched(`http://me:s%40fe@127.0.0.1:${server.port}/a`);
  expect(server.requests).toMatchObject([{ path: "/a", headers: { authorization: `Basic ${btoa("me:s@fe")}` } }]);
});

test.each([
  [404, "the source answered 404 Not Found"],
  [403, "the source answered 403 Forbidden"],
  [304, "the source answered 304 Not Modified"],
  [460, "the source answered 460"],
])("fails at once on %i", async (status, message) => {
  await using server = await sourceServer(({ socket }) => reply(socket, status, {}));
  expect(await rejection(fetched(server.url))).toMatchObject({ kind: "source_failed", message });
  expect(server.requests).toHaveLength(1);
});

test.each([500, 503, 429, 408])("asks again after %i", async (status) => {
  await using server = await sourceServer(({ socket }, n) => reply(socket, n < 2 ? status : 200, {}, "video"));
  expect((await fetched(server.url)).toString()).toBe("video");
  expect(server.requests).toHaveLength(3);
});

test("gives up when the server does not recover", async () => {
  await using server = await sourceServer(({ socket }) => reply(socket, 503, {}));
  expect(await rejection(fetched(server.url))).toMatchObject(failure("answered 503 Service Unavailable"));
  expect(server.requests.length).toBeGreaterThan(2);
});

test("gives up when nobody listens", async () => {
  const server = await sourceServer(() => {});
  await server[Symbol.asyncDispose]();
  expect(await rejection(fetched(server.url))).toMatchObject(failure("refused the connection"));
});

test("refuses an empty source", async () => {
  await using server = await sourceServer(({ socket }) => reply(socket, 200, {}));
  expect(await rejection(fetched(server.url))).toMatchObject(failure("the source is empty"));
});

test("refuses a source whose announced length is over the limit, unread", async () => {
  await using server = await sourceServer(({ socket }) => socket.write(head(200, { "Content-Length": 11 })));
  expect(await rejection(fetched(server.url, { maxBytes: 10 }))).toMatchObject(failure("is larger than 10 bytes"));
  await server.idle();
});

test("refuses a source that grows over the limit", async () => {
  await using server = await sourceServer(({ socket }) => socket.write(`${head(200)}eleven bytes`));
  expect(await rejection(fetched(server.url, { maxBytes: 10 }))).toMatchObject(failure("is larger than 10 bytes"));
  await server.idle();
});

test.each(["SSH-2.0-server\r\n", head(200, { "Content-Length": "x" }), "HTTP/1.1 200 OK\r\nA: 1\r\nB\0: 2\r\n\r\n"])(
  "refuses what is not HTTP: %j",
  async (text) => {
    await using server = await sourceServer(({ socket }) => socket.end(text));
    expect(await rejection(fetched(server.url))).toMatchObject(failure("does not answer in proper HTTP"));
  },
);

test("asks again when the connection closes without an answer", async () => {
  await using server = await sourceServer(({ socket }, n) => (n ? reply(socket, 200, {}, "video") : socket.end()));
  expect((await fetched(server.url)).toString()).toBe("video");
});

test("fails when the server switches protocols", async () => {
  await using server = await sourceServer(({ socket }) =>
    socket.end(head(101, { Upgrade: "x", Connection: "Upgrade" })),
  );
  expect(await rejection(fetched(server.url))).toMatchObject(failure("closed the connection without an answer"));
});
