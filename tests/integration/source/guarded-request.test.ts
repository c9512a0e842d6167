import { expect, test } from "bun:test";
import { guardedRequest } from "#shared/net/guarded-request.ts";
import { rejection } from "#tests/support/outcome.ts";
import { reply, sourceServer } from "#tests/support/source-server.ts";
import { ranges } from "./fetch.ts";

const { signal } = new AbortController();
const guard = { allowedCidrs: ranges("127.0.0.1") };

test("sends a method, headers and a body, and gives the answer as it is", async () => {
  await using server = await sourceServer(({ socket }) => reply(socket, 302, { Location: "/x" }, "moved"));
  using answer = await guardedRequest(
    new URL(server.url),
    { method: "POST", headers: { "content-type": "application/json" }, body: "{}", signal },
    guard,
  );
  expect(answer).toMatchObject({ status: 302, headers: { location: "/x" } });
  expect(Buffer.concat(await Array.fromAsync(answer.body)).toString()).toBe("moved");
  expect(server.requests).toMatchObject([
    { method: "POST", headers: { "content-type": "application/json", "content-length": "2" } },
  ]);
});

test("closes the connection when the answer is disposed of unread", async () => {
  await using server = await sourceServer(({ socket }) =>
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nvid"),
  );
  {
    using _ = await guardedRequest(new URL(server.url), { signal }, guard);
  }
  await server.idle();
});

test("fails with a RequestFailure, whose message follows whom was asked", async () => {
  expect(await rejection(guardedRequest(new URL("http://10.0.0.1/"), { signal }, guard))).toMatchObject({
    name: "RequestFailure",
    message: "is at a private address; ALLOWED_PRIVATE_CIDRS can allow it",
    transient: false,
  });
});
