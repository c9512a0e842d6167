import { beforeAll, describe, expect, test } from "bun:test";
import { certificateFor } from "#tests/support/certificates.ts";
import { rejection } from "#tests/support/outcome.ts";
import { reply, sourceServer } from "#tests/support/source-server.ts";
import { toolPath } from "#tests/support/tools.ts";
import { fetched } from "./fetch.ts";

const resolve = async () => ["127.0.0.1"];

describe.skipIf(!toolPath("openssl"))("https", () => {
  let made: Awaited<ReturnType<typeof certificateFor>>;
  beforeAll(async () => {
    made = await certificateFor("good.test");
  });

  const video = () => sourceServer(({ socket }) => reply(socket, 200, {}, "video"), { tls: made.tls });

  test("fetches from a server whose certificate has the URL's name, whatever its address", async () => {
    await using server = await video();
    const url = `https://good.test:${server.port}/`;
    expect((await fetched(url, { resolve, ca: made.ca })).toString()).toBe("video");
    expect(server.requests).toMatchObject([{ headers: { host: `good.test:${server.port}` } }]);
  });

  test.each(["other.test", "127.0.0.1"])("refuses a certificate that is not for %s", async (host) => {
    await using server = await video();
    expect(await rejection(fetched(`https://${host}:${server.port}/`, { resolve, ca: made.ca }))).toMatchObject({
      kind: "source_failed",
      message: "the source has a certificate for another name",
    });
    expect(server.requests).toBeEmpty();
  });

  test("refuses a certificate that nobody vouches for", async () => {
    await using server = await video();
    expect(await rejection(fetched(`https://good.test:${server.port}/`, { resolve }))).toMatchObject({
      message: "the source has a certificate that is not trusted",
    });
    expect(server.requests).toBeEmpty();
  });

  test("says that a server does not speak TLS", async () => {
    using server = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: { data: (socket) => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n") },
    });
    expect(await rejection(fetched(`https://good.test:${server.port}/`, { resolve }))).toMatchObject({
      kind: "source_failed",
      message: "the source does not speak proper TLS",
    });
  });

  test("refuses a redirect from https to http", async () => {
    await using plain = await sourceServer(({ socket }) => reply(socket, 200, {}, "video"));
    await using server = await sourceServer(({ socket }) => reply(socket, 302, { Location: plain.url }), {
      tls: made.tls,
    });
    expect(await rejection(fetched(`https://good.test:${server.port}/`, { resolve, ca: made.ca }))).toMatchObject({
      message: "the source redirects from https to http, which gives its protection up",
    });
    expect(plain.requests).toBeEmpty();
  });
});
