import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Asked, reply, sourceServer } from "#tests/support/source-server.ts";
import { clientSources } from "#worker/source/sources.ts";
import { ranges } from "./fetch.ts";
import { behaviours } from "./hostile-servers.ts";
import { hostileNames, hostileUrls, unroutable } from "./hostile-urls.ts";

type Server = Awaited<ReturnType<typeof sourceServer>>;

// Hostile servers are where fetching is allowed; the canaries are where it is not.
const hostileHost = "127.0.0.2";
let canaries: Server[];
let dir: string;
let port: number;

beforeAll(async () => {
  const secret = ({ socket }: Asked) => reply(socket, 200, {}, "secret");
  const canary = await sourceServer(secret);
  ({ port } = canary);
  canaries = [
    canary,
    await sourceServer(secret, { host: "::1", port }),
    await sourceServer(secret, { host: "127.0.0.3", port }),
  ];
  dir = await mkdtemp(join(tmpdir(), "hostile-"));
});

afterAll(async () => {
  for (const canary of canaries) await canary[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

const sources = (addresses: readonly string[] = []) =>
  clientSources({
    schemes: ["https", "http"],
    allowedCidrs: ranges(hostileHost),
    resolve: async () => addresses,
    maxBytes: 100_000,
    connectTimeoutMs: 200,
    answerTimeoutMs: 60,
    silenceTimeoutMs: 60,
    paceWindowMs: 100,
    firstPauseMs: 1,
    patienceMs: 20,
    buckets: [],
    client: {},
  });

const open = (url: string, addresses?: readonly string[]) =>
  sources(addresses).openSource(url, dir, new AbortController().signal);

const untouched = () => expect(canaries.map(({ connections }) => connections)).toEqual([0, 0, 0]);

describe("a URL", () => {
  test.each(hostileUrls)("%j is refused before anything is asked", async (template) => {
    const url = template.replaceAll("PORT", String(port));
    expect(() => sources().checkInput(url)).toThrow(expect.objectContaining({ kind: "invalid" }));
    await expect(open(url)).rejects.toMatchObject({ kind: "invalid", fields: [{ field: "input_url" }] });
    untouched();
  });
});

describe("a redirect", () => {
  const locations = hostileUrls.filter((url) => /^[a-z0-9]+:[!-~]+$/i.test(url));
  test.each(locations)("to %s is not followed", async (template) => {
    const location = template.replaceAll("PORT", String(port));
    await using server = await sourceServer(({ socket }) => reply(socket, 302, { Location: location }), {
      host: hostileHost,
    });
    await expect(open(server.url)).rejects.toMatchObject({ kind: "source_failed" });
    untouched();
  });
});

describe("a name", () => {
  test.each(hostileNames)("that leads to %j is not connected to", async (...addresses) => {
    await expect(open(`http://name.test:${port}/`, addresses)).rejects.toMatchObject({ kind: "source_failed" });
    untouched();
  });

  test.each(Object.entries(unroutable))("that is %s fails", async (_what, url) => {
    await expect(open(url)).rejects.toMatchObject({ kind: "source_failed" });
  });
});

describe("a server", () => {
  test.each(Object.entries(behaviours))("that %s fails, and the connection ends", async (_what, answer) => {
    await using server = await sourceServer(answer(port), { host: hostileHost });
    await expect(open(server.url)).rejects.toMatchObject({ kind: "source_failed" });
    await server.idle();
    untouched();
  });
});

test("leaves nothing but the one file, and is at least a hundred cases", async () => {
  expect(hostileUrls.length + hostileNames.length + Object.keys(behaviours).length).toBeGreaterThan(100);
  expect(await readdir(dir)).toEqual(["source"]);
});
