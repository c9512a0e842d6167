import { afterAll, beforeAll, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rejection } from "#tests/support/outcome.ts";
import { type S3Server, startS3Server } from "#tests/support/s3-server.ts";
import { head, reply, sendFile, sourceServer } from "#tests/support/source-server.ts";
import type { S3SourceOptions } from "#worker/source/s3-source.ts";
import { s3Source } from "#worker/source/s3-source.ts";

const file = randomBytes(400_000);
const { signal } = new AbortController();
let store: S3Server;

beforeAll(async () => {
  store = await startS3Server();
  await store.raw.putObject({ Bucket: store.options.bucket, Key: "in/a clip?.mp4", Body: file });
  await store.raw.putObject({ Bucket: store.options.bucket, Key: "empty.mp4", Body: "" });
});
afterAll(() => store[Symbol.asyncDispose]());

type Options = Partial<S3SourceOptions> & { endpoint?: string; signal?: AbortSignal };

async function fetched(url: string, { endpoint, signal: given = signal, ...options }: Options = {}) {
  const dir = await mkdtemp(join(tmpdir(), "source-"));
  const { bucket: _, ...client } = store.options;
  const limits = { attempts: 2, firstPauseMs: 1, answerMs: 1_000 };
  const open = s3Source({
    buckets: ["media", "none"],
    client: { ...client, limits, ...(endpoint && { endpoint }) },
    retry: { firstPauseMs: 1, withinMs: 100 },
    ...options,
  });
  try {
    return await readFile((await open(url, dir, given)).path);
  } finally {
    await rm(dir, { recursive: true });
  }
}

test("fetches an object of a bucket that is allowed", async () => {
  expect((await fetched("s3://media/in/a%20clip%3F.mp4")).equals(file)).toBe(true);
});

test("undoes the content coding that an object was stored in", async () => {
  const stored = { Bucket: store.options.bucket, Key: "coded.mp4", ContentEncoding: "gzip", Body: gzipSync(file) };
  await store.raw.putObject(stored);
  expect((await fetched("s3://media/coded.mp4")).equals(file)).toBe(true);
});

test("refuses a bucket that is not allowed", async () => {
  expect(await rejection(fetched("s3://secrets/a.mp4"))).toMatchObject({
    kind: "invalid",
    fields: [{ field: "input_url", message: "is in a bucket that S3_INPUT_BUCKETS does not allow" }],
  });
});

test.each(["..%2fother/x", "in/..%2F..%2fother/x", "in%2f.%2Fx", "..%5cother", "a%0d%0ab", "..%2f"])(
  "asks nothing of the store for the key %s, which would lead elsewhere",
  async (key) => {
    await using never = await sourceServer(() => expect.unreachable());
    const asked = fetched(`s3://media/${key}`, { endpoint: never.url });
    expect(await rejection(asked)).toMatchObject({ kind: "invalid", fields: [{ field: "input_url" }] });
  },
);

test("a key may hold dots, spaces, percent signs and slashes one after the other", async () => {
  for (const key of ["a..b/...mp4", "in//%2e%2e/x y.mp4", "..a/b.."]) {
    await store.raw.putObject({ Bucket: store.options.bucket, Key: key, Body: file });
    expect((await fetched(`s3://media/${key.split("/").map(encodeURIComponent).join("/")}`)).equals(file)).toBe(true);
  }
});

test.each([
  ["s3://media/none.mp4", "the source does not exist in its bucket"],
  ["s3://none/a.mp4", "the source is in a bucket that does not exist"],
  ["s3://media/empty.mp4", "the source is empty"],
])("says why %s cannot be fetched", async (url, message) => {
  expect(await rejection(fetched(url))).toMatchObject({ kind: "source_failed", message });
});

test("refuses an object over the limit", async () => {
  expect(await rejection(fetched("s3://media/in/a%20clip%3F.mp4", { maxBytes: 399_999 }))).toMatchObject({
    message: "the source is larger than 399999 bytes, the limit",
  });
});

test("goes on where the connection was cut, on condition of the same version", async () => {
  await using server = await sourceServer((asked, n) => sendObject(asked, file, '"v1"', n === 0 ? 100_000 : undefined));
  expect((await fetched("s3://media/a.mp4", { endpoint: server.url })).equals(file)).toBe(true);
  expect(server.requests.map(({ headers }) => [headers.range, headers["if-match"]])).toEqual([
    [undefined, undefined],
    ["bytes=100000-", '"v1"'],
  ]);
});

test("starts over when the object changed between", async () => {
  const changed = randomBytes(300_000);
  await using server = await sourceServer((asked, n) =>
    n === 0 ? sendObject(asked, file, '"v1"', 100_000) : sendObject(asked, changed, '"v2"'),
  );
  expect((await fetched("s3://media/a.mp4", { endpoint: server.url })).equals(changed)).toBe(true);
  expect(server.requests).toHaveLength(3);
});

test("fetches a large object over several connections", async () => {
  await using server = await sourceServer((asked) => sendObject(asked, file, '"v1"'));
  const parallel = { parallelFromBytes: file.length, minRangeBytes: 100_000 };
  expect((await fetched("s3://media/a.mp4", { endpoint: server.url, ...parallel })).equals(file)).toBe(true);
  expect(server.requests).toHaveLength(4);
});

test("goes on after an object stalls", async () => {
  await using server = await sourceServer((asked, n) => {
    if (n > 0) return sendObject(asked, Buffer.from("video"), '"v1"');
    return asked.socket.write(`${head(200, { ETag: '"v1"', "Content-Length": 5 })}vid`);
  });
  const options = { endpoint: server.url, silenceTimeoutMs: 30 };
  expect((await fetched("s3://media/a.mp4", options)).toString()).toBe("video");
  expect(server.requests[1]?.headers.range).toBe("bytes=3-");
});

test.each([
  ["AccessDenied", 403, "the source may not be read with the worker's credentials"],
  ["InvalidObjectState", 403, "the source is archived; restore it first"],
  ["SignatureDoesNotMatch", 403, "the source cannot be fetched: the storage refused the credentials"],
  ["SlowDown", 503, "the source cannot be fetched: the storage is overloaded"],
])("says in words what %s means", async (code, status, message) => {
  await using server = await sourceServer(({ socket }) => reply(socket, status, {}, errorXml(code)));
  expect(await rejection(fetched("s3://media/a.mp4", { endpoint: server.url }))).toMatchObject({
    kind: "source_failed",
    message,
  });
});

test("an abort ends an object, and the connection", async () => {
  const stop = new AbortController();
  const reason = new Error("cancelled");
  await using server = await sourceServer(({ socket }) => {
    socket.write(`${head(200, { ETag: '"v1"', "Content-Length": 9 })}vid`);
    setImmediate(() => stop.abort(reason));
  });
  expect(await rejection(fetched("s3://media/a.mp4", { endpoint: server.url, signal: stop.signal }))).toBe(reason);
  await server.idle();
});

/** As a store does: a condition that does not hold is a failure of its own. */
function sendObject(asked: Parameters<typeof sendFile>[0], object: Uint8Array, etag: string, upTo?: number) {
  const { "if-match": wanted, ...headers } = asked.headers;
  if (wanted !== undefined && wanted !== etag) return reply(asked.socket, 412, {}, errorXml("PreconditionFailed"));
  return sendFile({ ...asked, headers: { ...headers, "if-range": etag } }, object, etag, upTo);
}

const errorXml = (code: unknown) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
