import { expect, test } from "bun:test";
import { rejection } from "#tests/support/outcome.ts";
import { type Asked, reply, sourceServer } from "#tests/support/source-server.ts";
import { fetched } from "./fetch.ts";

/** Sends on to a Location of these bytes once, and answers with a video from then on. */
const redirectingTo = (location: string, encoding: "utf8" | "latin1" = "utf8") =>
  sourceServer(({ socket }, n) => {
    if (n > 0) return reply(socket, 200, {}, "video");
    return socket.end(
      Buffer.from(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`, encoding),
    );
  });

const pathsOf = (requests: readonly Asked[]) => requests.map(({ path }) => path);

test.each([
  ["/ä.mp4", "/%C3%A4.mp4"],
  ["/映画/夏.mp4?q=é", "/%E6%98%A0%E7%94%BB/%E5%A4%8F.mp4?q=%C3%A9"],
  ["/%C3%A4/ä", "/%C3%A4/%C3%A4"],
  ["/a%2Fb%25", "/a%2Fb%25"],
  ["/a b.mp4", "/a%20b.mp4"],
  ["b.mp4", "/folder/b.mp4"],
  ["./b.mp4?x=1", "/folder/b.mp4?x=1"],
  ["../b.mp4", "/b.mp4"],
  ["../../../b.mp4", "/b.mp4"],
  ["?x=1", "/folder/a?x=1"],
  ["/b.mp4#t=10,20", "/b.mp4"],
  ["  /b.mp4  ", "/b.mp4"],
  ["/folder\\b.mp4", "/folder/b.mp4"],
])("a redirect to %j asks for %j", async (location, path) => {
  await using server = await redirectingTo(location);
  expect((await fetched(`${server.url}/folder/a`)).toString()).toBe("video");
  expect(pathsOf(server.requests)).toEqual(["/folder/a", path]);
});

test("gives a server that writes Latin-1 its own bytes back", async () => {
  await using server = await redirectingTo("/ä.mp4", "latin1");
  expect((await fetched(server.url)).toString()).toBe("video");
  expect(pathsOf(server.requests)).toEqual(["/", "/%E4.mp4"]);
});

test("follows to a host that is written in raw UTF-8", async () => {
  await using server = await sourceServer(({ socket }, n) =>
    n === 0 ? reply(socket, 302, { Location: `http://bücher.test:${server.port}/ä` }) : reply(socket, 200, {}, "video"),
  );
  expect((await fetched(server.url, { resolve: async () => ["127.0.0.1"] })).toString()).toBe("video");
  expect(server.requests.map(({ headers }) => headers.host)).toEqual([
    `127.0.0.1:${server.port}`,
    `xn--bcher-kva.test:${server.port}`,
  ]);
});

test.each(["http://１２７.0.0.2/", "http://127。0。0。2/", "//①27.0.0.2/"])(
  "refuses a redirect to a forbidden address in raw UTF-8: %s",
  async (location) => {
    await using server = await redirectingTo(location);
    expect(await rejection(fetched(server.url))).toMatchObject({
      message: "the source redirects to an address that is not allowed",
    });
    expect(server.requests).toHaveLength(1);
  },
);

test("refuses a host that is neither ASCII nor UTF-8", async () => {
  await using server = await redirectingTo("http://bücher.test/", "latin1");
  expect(await rejection(fetched(server.url))).toMatchObject({
    message: "the source redirects to something that is not a URL",
  });
});

test.each(["", "   "])("takes a Location that is empty (%j) for none", async (location) => {
  await using server = await redirectingTo(location);
  expect(await rejection(fetched(server.url))).toMatchObject({ message: "the source answered 302 Found" });
  expect(server.requests).toHaveLength(1);
});
