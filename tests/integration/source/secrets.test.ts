import { afterAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { pino } from "pino";
import { head, reply, sourceServer } from "#tests/support/source-server.ts";
import { clientSources } from "#worker/source/client-sources.ts";
import { ranges } from "./fetch.ts";

const secrets = ["geheim-name", "geheim-wort", "geheim-pfad", "geheim-zeichen", "geheim-schluessel", "geheim-id"];
const [user, password, , query, secretAccessKey = "", accessKeyId = ""] = secrets;
const { signal } = new AbortController();
const dir = await mkdtemp(join(tmpdir(), "secrets-"));
afterAll(() => rm(dir, { recursive: true }));

const sources = (endpoint: string) =>
  clientSources({
    schemes: ["https", "http"],
    allowedCidrs: ranges("127.0.0.1"),
    resolve: async () => ["127.0.0.1"],
    maxBytes: 100,
    connectTimeoutMs: 50,
    answerTimeoutMs: 30,
    silenceTimeoutMs: 30,
    retry: { withinMs: 0 },
    buckets: ["media"],
    client: {
      endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
      limits: { attempts: 1, answerMs: 100 },
    },
  });

/** All that a log could make of a failure, by the fields the worker logs and by itself. */
function loggedOf(error: unknown): string {
  const lines: string[] = [];
  const log = pino({}, { write: (line) => void lines.push(line) });
  for (let err = error; err instanceof Error; err = err.cause) log.warn({ err, cause: err.cause }, "job failed");
  return lines.join("") + inspect(error, { depth: 10 });
}

const failures: Record<string, Parameters<typeof sourceServer>[0]> = {
  "an error status": ({ socket }) => reply(socket, 403, {}, "<Error><Code>AccessDenied</Code></Error>"),
  "no HTTP": ({ socket }) => socket.end("SSH-2.0\r\n"),
  "a cut": ({ socket }) => socket.end(head(200, { "Content-Length": 9 })),
  "no answer": () => {},
  "a reset": ({ socket }) => socket.resetAndDestroy(),
  "a redirect to a private address": ({ socket }) =>
    reply(socket, 302, { Location: `http://${user}:${password}@10.0.0.1/?sig=${query}` }),
  "a redirect to what is no URL": ({ socket }) => reply(socket, 302, { Location: `http://[?sig=${query}` }),
  "a body over the limit": ({ socket }) => reply(socket, 200, {}, "x".repeat(101)),
};

const webUrls = (port: number) => [
  `http://${user}:${password}@127.0.0.1:${port}/geheim-pfad?sig=${query}`,
  `https://${user}:${password}@name.test:${port}/geheim-pfad?sig=${query}`,
];

test.each(Object.entries(failures))("%s puts no secret of a URL into the log", async (_what, answer) => {
  await using server = await sourceServer(answer);
  const { openSource } = sources(server.url);
  for (const url of [...webUrls(server.port), "s3://media/a.mp4"]) {
    const failure = await openSource(url, dir, signal).catch((error) => error);
    expect(failure).toMatchObject({ kind: "source_failed" });
    expect(loggedOf(failure)).toContain(failure.message);
    for (const secret of secrets) expect(loggedOf(failure)).not.toContain(secret);
  }
});

test("nor does a server that is not there, or a URL that is refused", async () => {
  const server = await sourceServer(() => {});
  await server[Symbol.asyncDispose]();
  const { openSource } = sources(server.url);
  const refused = [
    `http://${user}:${password}@10.0.0.1/?sig=${query}`,
    `http://${user}%zz:${password}@127.0.0.1/?sig=${query}`,
    `ftp://${user}:${password}@127.0.0.1/?sig=${query}`,
    `http://${user}:${password}@[/?sig=${query}`,
    `s3://${user}:${password}@media/a?sig=${query}`,
  ];
  for (const url of [...webUrls(server.port), "s3://media/a.mp4", ...refused]) {
    const failure = await openSource(url, dir, signal).catch((error) => error);
    expect(failure).toBeInstanceOf(Error);
    for (const secret of secrets) expect(loggedOf(failure)).not.toContain(secret);
  }
});
