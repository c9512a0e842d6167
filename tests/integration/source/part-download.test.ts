import { expect, test } from "bun:test";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { makeDir, makeOutput, signal, tiny } from "#tests/integration/ffmpeg/work.ts";
import { clip } from "#tests/support/clips.ts";
import { rejection } from "#tests/support/outcome.ts";
import { type Asked, head, reply, sendFile, sourceServer } from "#tests/support/source-server.ts";
import { neededBytes } from "#worker/ffmpeg/needed-bytes.ts";
import { run } from "#worker/ffmpeg/run.ts";
import { httpSource } from "#worker/source/http-source.ts";
import type { LocateBytes } from "#worker/source/source.ts";
import { ranges } from "./fetch.ts";

const part = { start: 21.5, end: 23 };
const film = { seconds: 40 };

/** What is fetched of a film for a part of it, and what that is. */
async function fetchedPart(
  url: string,
  { locate = locatePart, ...limits }: { locate?: LocateBytes; maxBytes?: number } = {},
) {
  const dir = await mkdtemp(join(await makeDir(), "source-"));
  const open = httpSource({ schemes: ["http"], allowedCidrs: ranges("127.0.0.1"), ...limits });
  return open(url, dir, signal, undefined, locate);
}

const locatePart = (path: string) => neededBytes(path, part, { signal, spawn: run, stallMs: 60_000 });

/** Sends ranges to whoever asks for them. */
const sendRange = ({ headers, ...asked }: Asked, file: Buffer, etag: string) =>
  sendFile({ ...asked, headers: { "if-range": etag, ...headers } }, file, etag);

/** What comes of the part, whichever file it is read from. */
const whole = clip(film).then((path) => framesOf(path));

async function framesOf(input: string) {
  const { dir } = await makeOutput(input, tiny, part);
  return Bun.$`ffmpeg -v error -i ${join(dir, "output.mp4")} -f framemd5 -`.text();
}

test.each([
  ["at its beginning", true],
  ["at its end", false],
])("of an mp4 with its index %s only what a part needs is fetched", async (_, indexFirst) => {
  const path = await clip({ ...film, indexFirst });
  const file = Buffer.from(await Bun.file(path).bytes());
  await using server = await sourceServer((asked) => sendRange(asked, file, '"v1"'));
  const source = await fetchedPart(server.url);
  expect(source.bytes).toBe(file.length);
  expect(source.fetched).toBeLessThan(file.length * 0.5);
  for (const { headers } of server.requests.slice(1)) expect(headers["if-range"]).toBe('"v1"');
  expect(await framesOf(source.path)).toBe(await whole);
});

test("all is fetched where nothing names the version, or it changes on the way", async () => {
  const file = Buffer.from(await Bun.file(await clip(film)).bytes());
  const untold = (asked: Asked) => {
    asked.socket.write(head(200, { "Content-Length": file.length }));
    asked.socket.end(file);
  };
  let asked = 0;
  const changing = (request: Asked) => {
    asked += 1;
    sendRange(request, file, asked < 3 ? '"v1"' : '"v2"');
  };
  // It sends ranges on any condition.
  const careless = ({ headers, ...request }: Asked) => {
    asked += 1;
    const etag = asked % 3 === 0 ? '"v2"' : '"v1"';
    sendFile({ ...request, headers: { ...headers, "if-range": etag } }, file, etag);
  };
  for (const answer of [untold, changing, careless]) {
    asked = 0;
    await using server = await sourceServer(answer);
    const source = await fetchedPart(server.url);
    expect(source.fetched).toBeUndefined();
    expect(Buffer.from(await Bun.file(source.path).bytes()).equals(file)).toBe(true);
  }
});

test("a source that is larger than the limit is refused, whatever a part of it takes", async () => {
  const file = Buffer.from(await Bun.file(await clip(film)).bytes());
  await using server = await sourceServer((asked) => sendRange(asked, file, '"v1"'));
  expect(await rejection(fetchedPart(server.url, { maxBytes: file.length - 1 }))).toMatchObject({
    kind: "source_failed",
    message: `the source is larger than ${file.length - 1} bytes, the limit`,
  });
});

test("where one of several ranges fails the others are not waited for", async () => {
  const file = Buffer.from(await Bun.file(await clip(film)).bytes());
  const [hanging, failing] = [0.4, 0.8].map((share) => Math.floor(file.length * share));
  const begun = Promise.withResolvers<void>();
  await using server = await sourceServer(async (asked) => {
    const { socket, headers } = asked;
    if (headers.range?.startsWith(`bytes=${failing}-`)) {
      await begun.promise;
      return reply(socket, 404, {});
    }
    if (!headers.range?.startsWith(`bytes=${hanging}-`)) return sendRange(asked, file, '"v1"');
    const range = `bytes ${hanging}-${(hanging ?? 0) + 99}/${file.length}`;
    socket.write(`${head(206, { "Content-Range": range, "Content-Length": 100, ETag: '"v1"' })}some`);
    begun.resolve();
  });
  const locate = async () => [hanging, failing].map((from = 0) => ({ from, to: from + 100 }));
  expect((await fetchedPart(server.url, { locate })).fetched).toBeUndefined();
  // None of them is left open.
  await server.idle();
});
