import { expect, test } from "bun:test";
import { dnsStub } from "#tests/support/dns-stub.ts";
import { rejection } from "#tests/support/outcome.ts";
import { reply, sendFile, sourceServer } from "#tests/support/source-server.ts";
import { fetched } from "./fetch.ts";

const video = Buffer.from("video");
const [allowed, forbidden] = ["127.0.0.1", "127.0.0.2"];
const canary = (port: number) => sourceServer((asked) => sendFile(asked, video, '"v1"'), { host: forbidden, port });
const isPrivate = { message: "the source is at a private address; ALLOWED_PRIVATE_CIDRS can allow it" };

test("asks for a name once, and connects to what it was told", async () => {
  await using dns = await dnsStub((_name, n) => [n === 0 ? allowed : forbidden]);
  await using good = await sourceServer((asked) => sendFile(asked, video, '"v1"'));
  await using bad = await canary(good.port);

  expect(await fetched(`http://rebind.test:${good.port}/`, { resolve: dns.resolve })).toEqual(video);
  expect(dns.questions).toEqual(["rebind.test"]);
  expect(bad.connections).toBe(0);
});

test("refuses a name that has changed its mind when the source is to be continued", async () => {
  await using dns = await dnsStub((_name, n) => [n === 0 ? allowed : forbidden]);
  await using good = await sourceServer((asked) => sendFile(asked, video, '"v1"', 2));
  await using bad = await canary(good.port);

  const url = `http://rebind.test:${good.port}/`;
  expect(await rejection(fetched(url, { resolve: dns.resolve }))).toMatchObject(isPrivate);
  expect(dns.questions).toHaveLength(2);
  expect(bad.connections).toBe(0);
});

test("refuses a name that has changed its mind when it redirects to itself", async () => {
  await using dns = await dnsStub((_name, n) => [n === 0 ? allowed : forbidden]);
  await using good = await sourceServer(({ socket }) => reply(socket, 302, { Location: "/again" }));
  await using bad = await canary(good.port);

  const url = `http://rebind.test:${good.port}/`;
  expect(await rejection(fetched(url, { resolve: dns.resolve }))).toMatchObject(isPrivate);
  expect(bad.connections).toBe(0);
});

test("refuses a name that leads to both an allowed and a forbidden address", async () => {
  await using dns = await dnsStub(() => [allowed, forbidden]);
  await using good = await sourceServer((asked) => sendFile(asked, video, '"v1"'));
  const url = `http://both.test:${good.port}/`;
  expect(await rejection(fetched(url, { resolve: dns.resolve }))).toMatchObject(isPrivate);
  expect(good.connections).toBe(0);
});

test("says that a name has no address", async () => {
  await using dns = await dnsStub(() => []);
  expect(await rejection(fetched("http://none.test/", { resolve: dns.resolve }))).toMatchObject({
    kind: "source_failed",
    message: "the source has a host name that does not resolve",
  });
});
