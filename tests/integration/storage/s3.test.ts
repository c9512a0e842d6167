import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileHash } from "#shared/storage/file-hash.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { S3Options } from "#shared/storage/s3/client.ts";
import { s3Storage } from "#shared/storage/s3/s3-storage.ts";
import { storageContract } from "#tests/contract/storage.ts";
import { startBreakingProxy } from "#tests/support/breaking-proxy.ts";
import { certificateFor } from "#tests/support/certificates.ts";
import { rejection } from "#tests/support/outcome.ts";
import { startS3Front } from "#tests/support/s3-front.ts";
import { type S3Server, startS3Server } from "#tests/support/s3-server.ts";

storageContract("s3 storage", async () => {
  const server = await startS3Server();
  const front = await startS3Front(server.options.endpoint ?? "");
  return {
    storage: s3Storage({ ...server.options, endpoint: front.url }),
    bytes: server.bytes,
    keys: server.keys,
    hasRemains: server.hasOpenUploads,
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
});

const signal = AbortSignal.timeout(180_000);
const headers = headersFor("clip.mp4");
// Three parts.
const largeBytes = 20 * 2 ** 20;
const quick = { attempts: 3, firstPauseMs: 1, answerMs: 5_000 };

let server: S3Server;
let folder: string;
let small: string;
let large: string;

beforeAll(async () => {
  server = await startS3Server();
  folder = await mkdtemp(join(tmpdir(), "s3-"));
  small = join(folder, "small");
  large = join(folder, "large");
  await writeFile(small, "clip");
  await writeFile(large, Buffer.alloc(largeBytes, "clip"));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function openBroken(options: Partial<S3Options> = {}) {
  const proxy = await startBreakingProxy(server.options.endpoint ?? "");
  const storage = s3Storage({ ...server.options, endpoint: proxy.url, limits: quick, ...options });
  return Object.assign(proxy, { storage });
}

test.each(["small", "large"])("tells how a %s file is served, and keeps its metadata", async (size) => {
  const storage = s3Storage(server.options);
  const described = headersFor("clip.mp4", {
    Title: "東京の夜",
    author: "café",
    plain: "It's 1/2 (a) clip",
    rate: "5%",
  });
  const staged = await storage.stage(size === "small" ? small : large, "described.mp4", described, signal);
  await staged.publish(signal);
  const head = await server.raw.headObject({ Bucket: server.options.bucket, Key: "described.mp4" });
  expect(head.ContentType).toBe("video/mp4");
  expect(head.CacheControl).toBe("public, max-age=3600");
  expect(head.Metadata).toEqual({
    title: encodeURIComponent("東京の夜"),
    author: "caf%C3%A9",
    plain: "It's 1/2 (a) clip",
    rate: "5%25",
  });
});

test("refuses metadata that the store could not keep before it sends anything", async () => {
  await using proxy = await openBroken();
  const tooMuch = headersFor("clip.mp4", { title: "長".repeat(300) });
  expect(await rejection(proxy.storage.stage(large, "clip.mp4", tooMuch, signal))).toMatchObject({ kind: "invalid" });
  expect(proxy.requests).toEqual([]);
});

test("sends nothing of a small file before it is published", async () => {
  await using proxy = await openBroken();
  const staged = await proxy.storage.stage(small, "clip.mp4", headers, signal);
  expect(proxy.requests).toEqual([]);
  await staged.publish(signal);
  expect(proxy.requests).toHaveLength(1);
});

test("delivers although the store is unavailable and cuts connections for a while", async () => {
  await using proxy = await openBroken({ limits: { firstPauseMs: 1 } });
  proxy.break("unavailable", /./, 2);
  proxy.break("cut", /./, 2);
  proxy.break("lost");
  await (await proxy.storage.stage(small, "retried.mp4", headers, signal)).publish(signal);
  expect(proxy.requests).toHaveLength(6);
  expect(String(await server.bytes("retried.mp4"))).toBe("clip");
});

test("has sixteen small files under way at a time", async () => {
  const all = Promise.withResolvers<void>();
  let waiting = 0;
  await using store = Object.assign(
    Bun.serve({
      ...{ port: 0, hostname: "127.0.0.1" },
      async fetch() {
        waiting += 1;
        if (waiting === 16) all.resolve();
        await all.promise;
        return new Response(null, { headers: { etag: '"1"' } });
      },
    }),
    {
      async [Symbol.asyncDispose]() {
        await store.stop(true);
      },
    },
  );
  const storage = s3Storage({ ...server.options, endpoint: store.url.origin });
  const puts = Array.from({ length: 16 }, async (_, index) =>
    (await storage.stage(small, `${index}.ts`, headers, signal)).publish(signal),
  );
  await Promise.all(puts);
  expect(waiting).toBe(16);
});

test("sends a part that failed again, and no other", async () => {
  await using proxy = await openBroken();
  proxy.break("unavailable", /partNumber=2/);
  proxy.break("cut", /partNumber=2/);
  await (await proxy.storage.stage(large, "parts.mp4", headers, signal)).publish(signal);
  const sent = proxy.requests.flatMap((request) => /partNumber=(\d+)/.exec(request)?.[1] ?? []);
  expect(sent.sort()).toEqual(["1", "2", "2", "2", "3"]);
  expect(await server.bytes("parts.mp4")).toEqual(Buffer.alloc(largeBytes, "clip"));
});

test("knows that an upload was completed although the answer got lost", async () => {
  await using proxy = await openBroken();
  const staged = await proxy.storage.stage(large, "lost.mp4", headers, signal);
  proxy.break("lost", /^POST .*uploadId=/);
  await staged.publish(signal);
  expect((await server.bytes("lost.mp4")).length).toBe(largeBytes);
});

test("fails when the upload has vanished from the store", async () => {
  await using proxy = await openBroken();
  const staged = await proxy.storage.stage(large, "vanished.mp4", headers, signal);
  await staged.discard();
  expect(await rejection(staged.publish(signal))).toMatchObject({
    kind: "delivery_failed",
    message: "the storage has dropped the upload",
  });
});

test("leaves no upload behind when a part fails for good", async () => {
  await using proxy = await openBroken();
  proxy.break("unavailable", /partNumber=2/, quick.attempts);
  expect(await rejection(proxy.storage.stage(large, "failed.mp4", headers, signal))).toMatchObject({
    kind: "delivery_failed",
    message: "the storage answered with an error (503)",
  });
  expect(await server.hasOpenUploads()).toBe(false);
});

test("leaves no upload behind when joining its parts fails for good", async () => {
  await using proxy = await openBroken();
  const staged = await proxy.storage.stage(large, "failed.mp4", headers, signal);
  proxy.break("unavailable", /^POST .*uploadId=/, quick.attempts);
  expect(await rejection(staged.publish(signal))).toMatchObject({ kind: "delivery_failed" });
  expect(await server.hasOpenUploads()).toBe(false);
});

test("can be aborted while the store hangs, and leaves no upload behind", async () => {
  await using proxy = await openBroken();
  const abort = new AbortController();
  const reason = new Error("cancelled");
  proxy.break("hang", /partNumber=3/);
  const staging = proxy.storage.stage(large, "hangs.mp4", headers, abort.signal, () => abort.abort(reason));
  expect(await rejection(staging)).toBe(reason);
  expect(await server.hasOpenUploads()).toBe(false);
});

test("aborts an upload again that a late part has kept", async () => {
  await using front = await startS3Front(server.options.endpoint ?? "", { lostAborts: 1 });
  const storage = s3Storage({ ...server.options, endpoint: front.url, limits: quick });
  const staged = await storage.stage(large, "late.mp4", headers, signal);
  await staged.discard();
  expect(front.requests.filter((request) => request.startsWith("DELETE"))).toHaveLength(2);
  expect(await server.hasOpenUploads()).toBe(false);
});

test("can be aborted while it waits to try again", async () => {
  await using proxy = await openBroken({ limits: { firstPauseMs: 10_000 } });
  const abort = new AbortController();
  const reason = new Error("cancelled");
  proxy.break("unavailable");
  const reading = proxy.storage.read("clip.mp4", abort.signal);
  await proxy.broken();
  abort.abort(reason);
  expect(await rejection(reading)).toBe(reason);
  expect(proxy.requests).toHaveLength(1);
});

test("asks again when a store cannot yet tell who was first", async () => {
  await using proxy = await openBroken();
  proxy.break("conflict", /^PUT/, 2);
  expect(await proxy.storage.create?.("claims/a.json", "mine", headers, signal)).toBe(true);
  expect(proxy.requests).toHaveLength(3);
});

test.each([
  ["damaged", /^PUT/, "the storage holds something else than what was sent"],
  ["unconfirmed", /^PUT/, "the storage did not confirm the upload: it gave no ETag"],
  ["portal", /^(PUT|POST)/, "a web page answers in the storage's place: a login of the network, or a proxy"],
] as const)("believes nothing of a store by which what is sent is %s", async (how, request, message) => {
  await using proxy = await openBroken();
  proxy.break(how, request, Number.POSITIVE_INFINITY);
  const failed = { kind: "delivery_failed", message };
  const put = async (file: string) => (await proxy.storage.stage(file, "lied.mp4", headers, signal)).publish(signal);
  expect(await rejection(put(small))).toMatchObject(failed);
  expect(await rejection(put(large))).toMatchObject(failed);
  expect(await rejection(proxy.storage.write("lied.json", "{}", headers, signal))).toMatchObject(failed);
  expect(await rejection(proxy.storage.create?.("claim.json", "{}", headers, signal))).toMatchObject(failed);
});

test("takes a web page that answers in the store's place for no object, no list and no removal", async () => {
  await using proxy = await openBroken();
  proxy.break("portal", /./, Number.POSITIVE_INFINITY);
  const failed = { kind: "delivery_failed", message: expect.stringMatching(/^a web page answers/) };
  expect(await rejection(proxy.storage.read("a.json", signal))).toMatchObject(failed);
  expect(await rejection(proxy.storage.stat("a.json", signal))).toMatchObject(failed);
  expect(await rejection(proxy.storage.remove("a.json", signal))).toMatchObject(failed);
  expect(await rejection(Array.fromAsync(proxy.storage.list("a/", signal)))).toMatchObject(failed);
});

test.each(["small", "large"])(
  "finds a %s file that was confirmed gone, and not replaced by another's",
  async (size) => {
    const storage = s3Storage(server.options);
    const at = { Bucket: server.options.bucket, Key: "checked.mp4" };
    const staged = await storage.stage(size === "small" ? small : large, at.Key, headers, signal);
    await staged.publish(signal);
    await staged.check?.(signal);
    for (const Body of ["another's, of any size", "c"]) {
      await server.raw.putObject({ ...at, Body });
      const isOurs = Body === "c";
      if (isOurs) expect(await rejection(staged.check?.(signal))).toMatchObject({ kind: "delivery_failed" });
      else await staged.check?.(signal);
      expect((await server.keys()).includes(at.Key)).toBe(!isOurs);
    }
    expect(await rejection(staged.check?.(signal))).toMatchObject({
      message: "the storage confirmed checked.mp4 and has nothing there",
    });
  },
);

test.each(["small", "large"])("knows a former object again when it was not replaced by a %s file", async (size) => {
  await using proxy = await openBroken();
  const at = { Bucket: server.options.bucket, Key: "former.mp4" };
  await server.raw.putObject({ ...at, Body: "what was there before" });
  const staged = await proxy.storage.stage(size === "small" ? small : large, at.Key, headers, signal);
  await staged.remember?.(signal);
  await staged.publish(signal);
  await server.raw.putObject({ ...at, Body: "what was there before" });
  expect(await rejection(staged.check?.(signal))).toMatchObject({
    message: "the storage confirmed former.mp4 and still has what was there before",
  });
  expect(String(await server.bytes(at.Key))).toBe("what was there before");
});

test("reads an object that is a web page, which has an ETag", async () => {
  await using proxy = await openBroken();
  const page = { contentType: "text/html", cacheControl: "no-store" };
  await proxy.storage.write("page.html", "<html></html>", page, signal);
  expect(await proxy.storage.read("page.html", signal)).toBe("<html></html>");
});

test.each([
  ["small", ["small", "large"], 1],
  ["large", ["large", "small"], 3],
])("finds out once that a store's ETags are no digests, by a %s file", async (_, order, gets) => {
  await using proxy = await openBroken();
  proxy.break("renamed", /^PUT (?!.*partNumber)|^POST .*uploadId=/, Number.POSITIVE_INFINITY);
  for (const [index, size] of order.entries()) {
    const staged = await proxy.storage.stage(size === "small" ? small : large, `${index}.mp4`, headers, signal);
    await staged.publish(signal);
    expect(proxy.requests.filter((request) => request.startsWith("GET"))).toHaveLength(gets);
  }
});

test("says in words what went wrong", async () => {
  await using proxy = await openBroken();
  const failed = (message: string) => ({ kind: "delivery_failed", message, cause: expect.any(Error) });

  const elsewhere = s3Storage({ ...server.options, bucket: "nowhere" });
  expect(await rejection(elsewhere.write("a", "b", headers, signal))).toMatchObject(
    failed("the bucket does not exist"),
  );
  expect(await rejection(elsewhere.stage(large, "a", headers, signal))).toMatchObject(
    failed("the bucket does not exist"),
  );
  expect(await rejection(elsewhere.read("a", signal))).toMatchObject(failed("the bucket does not exist"));

  proxy.break("forbidden");
  expect(await rejection(proxy.storage.write("a", "b", headers, signal))).toMatchObject(
    failed("the storage refused the credentials"),
  );
  expect(proxy.requests).toHaveLength(1);

  const impatient = s3Storage({ ...server.options, endpoint: proxy.url, limits: { ...quick, answerMs: 50 } });
  proxy.break("hang", /./, quick.attempts);
  expect(await rejection(impatient.read("a", signal))).toMatchObject(failed("the storage did not answer in time"));
  expect(proxy.requests).toHaveLength(1 + quick.attempts);

  proxy.break("cut", /./, quick.attempts);
  expect(await rejection(proxy.storage.read("a", signal))).toMatchObject(failed("the storage cut the connection"));

  await proxy[Symbol.asyncDispose]();
  expect(await rejection(proxy.storage.read("a", signal))).toMatchObject(failed("the storage cannot be reached"));
});

test("names S3_ENDPOINT when what answers there is no S3, and the key when the store does not know it", async () => {
  const { tls } = await certificateFor("localhost");
  const host = { port: 0, hostname: "127.0.0.1" };
  const fetch = () => new Response("Client sent an HTTP request to an HTTPS server.\n", { status: 400 });
  const plain = Bun.serve({ ...host, fetch });
  const encrypted = Bun.serve({ ...host, tls: { key: tls.key, cert: tls.cert }, fetch });
  const other = Bun.listen({
    ...host,
    socket: { open: (socket) => void socket.end("SSH-2.0-OpenSSH_9.2\r\n"), data() {} },
  });
  await using front = await startS3Front(server.options.endpoint ?? "", { accessKeyId: "another" });
  const wordsAt = async (endpoint: string) => {
    const storage = s3Storage({ ...server.options, endpoint, limits: quick });
    const error = await storage.read("a.json", signal).catch((error: unknown) => error);
    return error instanceof Error ? error.message : "";
  };
  try {
    const { port } = plain.url;
    expect(await wordsAt(`https://127.0.0.1:${port}`)).toBe(
      "the storage does not speak TLS on this port: let S3_ENDPOINT begin with http://",
    );
    const noS3 = "what answers at S3_ENDPOINT is no S3 storage, or it wants https";
    expect(await wordsAt(plain.url.origin)).toBe(noS3);
    expect(await wordsAt(`http://127.0.0.1:${other.port}`)).toBe(noS3);
    expect(await wordsAt(`https://localhost:${encrypted.port}`)).toBe("the storage's certificate is not trusted");
    expect(await wordsAt(front.url)).toBe("the storage does not know the access key (AWS_ACCESS_KEY_ID)");
  } finally {
    other.stop(true);
    await Promise.all([plain.stop(true), encrypted.stop(true)]);
  }
});

test("compares an object although the store cuts its content, and never takes a part for another content", async () => {
  await using broken = await openBroken();
  const { storage } = broken;
  await (await storage.stage(large, "compared.mp4", headersFor("a.mp4"), signal)).publish(signal);
  const content = { bytes: Bun.file(large).size, sha256: await fileHash(large, signal) };
  const asked = () => broken.requests.filter((request) => /^GET .*compared/.test(request)).length;
  expect(await storage.compare("compared.mp4", content, signal)).toBe("same");
  const parts = asked();
  expect(parts).toBeGreaterThan(1);
  broken.break("torn", /^GET .*compared/, 2);
  expect(await storage.compare("compared.mp4", content, signal)).toBe("same");
  expect(asked()).toBe(2 * parts + 2);
  broken.break("torn", /^GET .*compared/, Number.POSITIVE_INFINITY);
  const failed = await rejection(storage.compare("compared.mp4", content, signal));
  expect(failed).toMatchObject({ kind: "delivery_failed" });
});

test("lists more keys than fit one answer", async () => {
  await using many = await startS3Server();
  const Bucket = many.options.bucket;
  const keys = Array.from({ length: 1_001 }, (_, index) => `many/${index}.json`);
  await Promise.all(keys.map((Key) => many.raw.putObject({ Bucket, Key, Body: "{}" })));
  const listed = await Array.fromAsync(s3Storage(many.options).list("many/", signal));
  expect(new Set(listed)).toEqual(new Set(keys));
  expect(listed).toHaveLength(keys.length);
});

test.each([
  [{ region: "eu-west-1" }, "https://media.s3.eu-west-1.amazonaws.com/a%20b.mp4"],
  [{}, "https://media.s3.amazonaws.com/a%20b.mp4"],
  [{ endpoint: "https://s3.example.com/" }, "https://s3.example.com/media/a%20b.mp4"],
  [{ region: "eu-west-1", publicUrl: "https://cdn.example.com/v" }, "https://cdn.example.com/v/a%20b.mp4"],
])("with %j an object's URL is %s", (options, url) => {
  expect(s3Storage({ bucket: "media", ...options }).urlOf("a b.mp4")).toBe(url);
});
