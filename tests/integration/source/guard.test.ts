import { expect, test } from "bun:test";
import { rejection } from "#tests/support/outcome.ts";
import { reply, sourceServer } from "#tests/support/source-server.ts";
import { fetched, ranges } from "./fetch.ts";

const video = () => sourceServer(({ socket }) => reply(socket, 200, {}, "video"));
const forbidden = (port = 0) =>
  sourceServer(({ socket }) => reply(socket, 200, {}, "secret"), { host: "127.0.0.2", port });
const redirectTo = (location: string, status = 302) =>
  sourceServer(({ socket }) => reply(socket, status, { Location: location }));
const isPrivate = {
  kind: "source_failed",
  message: "the source is at a private address; ALLOWED_PRIVATE_CIDRS can allow it",
};

test("connects to the address that was checked, though the name changes its mind", async () => {
  await using good = await video();
  await using bad = await forbidden(good.port);
  let asked = 0;
  const resolve = async () => [asked++ === 0 ? "127.0.0.1" : "127.0.0.2"];

  expect((await fetched(`http://rebind.test:${good.port}/`, { resolve })).toString()).toBe("video");
  expect(asked).toBe(1);
  expect(good.requests).toMatchObject([{ headers: { host: `rebind.test:${good.port}` } }]);
  expect(bad.requests).toBeEmpty();
});

test.each([
  [["127.0.0.2"]],
  [["127.0.0.1", "127.0.0.2"]],
  [["::ffff:127.0.0.2"]],
  [["10.0.0.1"]],
  [["fd00::1"]],
  [["not an address"]],
  [["127.0.0.1", "localhost"]],
  [["127.0.0.1", ""]],
  [["fe80::1%lo"]],
])("refuses a name that resolves to %j", async (addresses) => {
  await using bad = await forbidden();
  expect(await rejection(fetched(`http://name.test:${bad.port}/`, { resolve: async () => addresses }))).toMatchObject(
    isPrivate,
  );
  expect(bad.requests).toBeEmpty();
});

test("keeps the address out of the message, and in the cause for the log", async () => {
  const failure = await fetched("http://name.test/", { resolve: async () => ["10.1.2.3"] }).catch((error) => error);
  expect(failure.message).not.toContain("10.1.2.3");
  expect(failure.cause.cause.message).toBe("name.test leads to 10.1.2.3: special,private use, RFC 1918");
});

test("refuses a metadata service even where everything private is allowed", async () => {
  const allowedCidrs = ranges("0.0.0.0/0, ::/0");
  const resolve = async () => ["169.254.169.254"];
  expect(await rejection(fetched("http://name.test/", { resolve, allowedCidrs }))).toMatchObject({
    kind: "source_failed",
    message: "the source is at a cloud's metadata service, which is never allowed",
  });
});

test("takes another address of the name when one does not answer", async () => {
  await using server = await video();
  const options = { resolve: async () => ["127.0.0.2", "127.0.0.1"], allowedCidrs: ranges("127.0.0.0/8") };
  expect((await fetched(`http://name.test:${server.port}/`, options)).toString()).toBe("video");
});

test("says that a name does not resolve", async () => {
  expect(await rejection(fetched("http://name.invalid/"))).toMatchObject({
    message: "the source has a host name that does not resolve",
  });
  expect(await rejection(fetched("http://name.test/", { resolve: async () => [] }))).toMatchObject({
    message: "the source has a host name without an address",
  });
});

test.each([301, 302, 303, 307, 308])("follows %i", async (status) => {
  await using server = await video();
  await using first = await redirectTo(`${server.url}/b`, status);
  expect((await fetched(first.url)).toString()).toBe("video");
});

test("follows ten redirects, relative ones too", async () => {
  await using server = await sourceServer(({ socket }, n) =>
    n < 10 ? reply(socket, 302, { Location: `../hop${n}` }) : reply(socket, 200, {}, "video"),
  );
  expect((await fetched(`${server.url}/a/b`)).toString()).toBe("video");
});

test("gives up at the eleventh redirect", async () => {
  await using server = await sourceServer(({ socket }, n) => reply(socket, 302, { Location: `/hop${n}` }));
  expect(await rejection(fetched(server.url))).toMatchObject({
    kind: "source_failed",
    message: "the source redirects on and on, more than 10 times",
  });
  expect(server.requests).toHaveLength(11);
});

test.each([{ way: ["/a"] }, { way: Array.from({ length: 11 }, (_, n) => `/a#${n}`) }, { way: ["/a", "/b"] }])(
  "says that redirects go in a circle: $way",
  async ({ way }) => {
    await using server = await sourceServer(({ socket }, n) =>
      reply(socket, 302, { Location: way[n % way.length] ?? "" }),
    );
    expect(await rejection(fetched(server.url))).toMatchObject({
      kind: "source_failed",
      message: "the source redirects in a circle, more than 10 times",
    });
    expect(server.requests).toHaveLength(11);
  },
);

test("holds every hop to the guards, the tenth too", async () => {
  await using bad = await forbidden();
  await using server = await sourceServer(({ socket }, n) =>
    reply(socket, 302, { Location: n < 9 ? `/hop${n}` : bad.url }),
  );
  expect(await rejection(fetched(server.url))).toMatchObject({
    message: "the source redirects to an address that is not allowed",
  });
  expect(server.requests).toHaveLength(10);
  expect(bad.requests).toBeEmpty();
});

test("refuses a redirect to a private address", async () => {
  await using bad = await forbidden();
  await using first = await redirectTo(bad.url);
  expect(await rejection(fetched(first.url))).toMatchObject({
    kind: "source_failed",
    message: "the source redirects to an address that is not allowed",
  });
  expect(bad.requests).toBeEmpty();
});

test("refuses a redirect to a name at a private address", async () => {
  await using bad = await forbidden();
  await using first = await redirectTo(`http://name.test:${bad.port}/`);
  expect(await rejection(fetched(first.url, { resolve: async () => ["127.0.0.2"] }))).toMatchObject(isPrivate);
  expect(bad.requests).toBeEmpty();
});

test.each([
  "file:///etc/passwd",
  "ftp://example.com/",
  "data:video/mp4,x",
  "http://169.254.169.254/",
  "http://0x7f.2/",
])("refuses a redirect to %s", async (location) => {
  await using first = await redirectTo(location);
  expect(await rejection(fetched(first.url))).toMatchObject({
    message: "the source redirects to an address that is not allowed",
  });
});

test("keeps credentials within their origin", async () => {
  await using other = await video();
  await using first = await sourceServer(({ socket, path }) =>
    reply(socket, 302, { Location: path === "/a" ? "/b" : `${other.url}/c` }),
  );
  await fetched(`http://me:safe@127.0.0.1:${first.port}/a`);
  const basic = `Basic ${btoa("me:safe")}`;
  expect(first.requests.map(({ headers }) => headers.authorization)).toEqual([basic, basic]);
  expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});

test("refuses a URL of its own that is not allowed, before anything is asked", async () => {
  expect(await rejection(fetched("http://10.0.0.1/"))).toMatchObject({
    kind: "invalid",
    fields: [{ field: "input_url" }],
  });
});
