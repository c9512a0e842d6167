import { expect, test } from "bun:test";
import { type Asked, reply, sendFile, sourceServer } from "#tests/support/source-server.ts";
import { fetched } from "./fetch.ts";

const cookiesOf = (requests: readonly Asked[]) => requests.map(({ headers }) => headers["cookie"]);
const local = { resolve: async () => ["127.0.0.1"] };

/** Redirects along these URLs with the cookies given at the first, and answers with a video at the last. */
const tour = (cookies: readonly string[], way: (port: number) => readonly string[]) =>
  sourceServer(({ socket }, n) => {
    const location = way(socket.localPort ?? 0)[n];
    const set = n === 0 ? cookies.map((cookie) => `Set-Cookie: ${cookie}\r\n`).join("") : "";
    if (location === undefined) return reply(socket, 200, {}, "video");
    return socket.end(`HTTP/1.1 302 Found\r\n${set}Location: ${location}\r\nContent-Length: 0\r\n\r\n`);
  });

test("follows a redirect that needs the cookie it set", async () => {
  await using server = await sourceServer(({ socket, headers }) =>
    headers["cookie"]?.includes("pass=1")
      ? reply(socket, 200, {}, "video")
      : reply(socket, 302, { "Set-Cookie": "pass=1; Path=/; HttpOnly", Location: "/film.mp4" }),
  );
  expect((await fetched(`${server.url}/film.mp4`)).toString()).toBe("video");
  expect(cookiesOf(server.requests)).toEqual([undefined, "pass=1"]);
});

test("gives each cookie to its own host only", async () => {
  await using server = await tour(["a=1; Path=/", "b=2; Path=/; Domain=films.test"], (port) => [
    `http://cdn.films.test:${port}/`,
    `http://other.test:${port}/`,
    `http://127.0.0.1:${port}/`,
    `http://www.films.test:${port}/`,
  ]);
  await fetched(`http://www.films.test:${server.port}/`, local);
  expect(cookiesOf(server.requests)).toEqual([undefined, "b=2", undefined, undefined, "a=1; b=2"]);
});

test.each([
  "a=1; Domain=other.test",
  "a=1; Domain=www.films.test.other.test",
  "a=1; Domain=test",
  "a=1; Domain=127.0.0.1",
])("keeps no cookie that its server may not set: %s", async (cookie) => {
  await using server = await tour([cookie], (port) => [
    `http://other.test:${port}/`,
    `http://127.0.0.1:${port}/`,
    `http://www.films.test:${port}/`,
  ]);
  await fetched(`http://www.films.test:${server.port}/`, local);
  expect(cookiesOf(server.requests)).toEqual([undefined, undefined, undefined, undefined]);
});

test("keeps no cookie for all of a public suffix", async () => {
  await using server = await tour(["a=1; Domain=co.uk", "b=1; Domain=s3.amazonaws.com"], (port) => [
    `http://b.co.uk:${port}/`,
    `http://b.s3.amazonaws.com:${port}/`,
  ]);
  await fetched(`http://a.co.uk:${server.port}/`, local);
  expect(cookiesOf(server.requests)).toEqual([undefined, undefined, undefined]);
});

test("gives a cookie to its path only, and none for https to http", async () => {
  await using server = await tour(["a=1; Path=/films", "b=2; Secure; Path=/", "c=3; Path=/; Max-Age=0"], () => [
    "/films/1",
    "/filmstar",
  ]);
  await fetched(`http://films.test:${server.port}/films/0`, local);
  expect(cookiesOf(server.requests)).toEqual([undefined, "a=1", undefined]);
});

test("keeps fifty cookies at most, and none of more than 4 KiB", async () => {
  const many = Array.from({ length: 60 }, (_, n) => `c${n}=1; Path=/`);
  await using server = await tour([`large=${"x".repeat(5_000)}`, ...many], () => ["/b"]);
  await fetched(server.url);
  expect(cookiesOf(server.requests)[1]?.split("; ").toSorted()).toEqual(
    Array.from({ length: 50 }, (_, n) => `c${n}=1`).toSorted(),
  );
});

test("sends a fetch's cookies when it goes on after a cut, and none of them in another fetch", async () => {
  const film = Buffer.from("a film");
  await using server = await sourceServer((asked, n) => {
    if (asked.path === "/") return reply(asked.socket, 302, { "Set-Cookie": "a=1; Path=/", Location: "/film" });
    return sendFile(asked, film, '"v1"', n === 1 ? 3 : undefined);
  });
  expect(await fetched(server.url)).toEqual(film);
  expect(cookiesOf(server.requests)).toEqual([undefined, "a=1", "a=1", "a=1"]);
  await fetched(server.url);
  expect(cookiesOf(server.requests).slice(4)).toEqual([undefined, "a=1"]);
});
