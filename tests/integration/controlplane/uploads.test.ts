import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Readable } from "node:stream";
import * as v from "valibot";
import { parseEnv } from "#shared/env.ts";
import { jobIdAt } from "#shared/job/id.ts";
import { checkStorage, storageConfig, storageSettings } from "#shared/storage/settings.ts";
import { finishedKey, uploadKey } from "#shared/uploads/keys.ts";
import { checkUpload, pinUploads } from "#shared/uploads/pins.ts";
import { uploadUrl } from "#shared/uploads/upload-url.ts";
import { rejection } from "#tests/support/outcome.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { rawClient, startUploads, type TestUploads } from "#tests/support/uploads.ts";
import { hasVersitygw, startVersitygw } from "#tests/support/versitygw.ts";

const Settings = v.pipe(v.object(storageSettings), checkStorage());
const signal = AbortSignal.timeout(60_000);
const refusal = async (work: Promise<unknown>) => String(await rejection(work));
const newJob = () => jobIdAt("127.0.0.1:1", Bun.randomUUIDv7());

// The S3 store of the other tests does not list the parts of an upload.
const kinds = hasVersitygw ? (["local", "s3"] as const) : (["local"] as const);

describe.each(kinds)("uploads in %s", (kind) => {
  const stack = new AsyncDisposableStack();
  let uploads: TestUploads;
  let hasOpenParts = async () => false;

  beforeAll(async () => {
    const { path } = stack.use(await temporaryFolder());
    const s3 = kind === "s3" ? stack.use(await startVersitygw()) : undefined;
    const env = { LOCAL_ROOT: join(path, "out"), ...s3?.env, UPLOAD_STORAGE: kind };
    const config = storageConfig(parseEnv(Settings, env));
    if (s3 && config.s3) Object.assign(config.s3, { credentials: s3.credentials });
    if (s3) hasOpenParts = s3.hasRemains;
    uploads = await startUploads(config, { mostOpen: 5, maxBytes: 64 * 2 ** 20 });
  });
  afterAll(() => stack.disposeAsync());

  const acme = () => rawClient(uploads, "acme");
  const beta = () => rawClient(uploads, "beta");
  const at = (id: string, tenant = "acme") => ({
    storage: uploads.place.storage,
    key: uploadKey(uploads.place.prefix, { tenant, id }),
  });

  test("a file that comes in several requests is whole, and a job of its tenant may read it, and no other's", async () => {
    const file = randomBytes(11 * 2 ** 20);
    const { id, status } = await acme().create(file.length, { "Upload-Metadata": "filename Y2xpcC5tcDQ=" });
    expect(status).toBe(201);
    expect(await acme().send(id, 0, file.subarray(0, 6 * 2 ** 20))).toBe(204);
    expect(await acme().offset(id)).toBe(6 * 2 ** 20);
    const asked = { jobId: newJob(), inputUrl: uploadUrl(id), tenant: "acme" };
    expect(await refusal(pinUploads(uploads.place, asked, signal))).toContain("not finished");
    const behindProxies = { "X-Forwarded-Proto": "https, http" };
    expect(await acme().send(id, 6 * 2 ** 20, file.subarray(6 * 2 ** 20), behindProxies)).toBe(204);
    expect(await acme().offset(id)).toBe(file.length);

    expect(await checkUpload(at(id), signal)).toBe(file.length);
    const copy = join(stack.use(await temporaryFolder()).path, "copy");
    await uploads.place.storage.fetch(at(id).key, copy, signal);
    expect(Buffer.compare(Buffer.from(await Bun.file(copy).arrayBuffer()), file)).toBe(0);

    // To others there is no such upload, whatever they ask.
    expect([await beta().offset(id), await beta().send(id, 0, "x"), await beta().remove(id)]).toEqual([404, 404, 404]);
    const theirs = await refusal(pinUploads(uploads.place, { ...asked, tenant: "beta" }, signal));
    expect(theirs).toContain("no such upload");
    expect((await uploads.ask("GET", `/${id}`, { "X-Tenant": "acme" })).status).toBe(405);
    expect(await acme().send(id, file.length, "more")).toBe(413);
    expect(await acme().send(id, 0, "x")).toBe(409);

    // It stays while a job reads it, and leaves nothing.
    await pinUploads(uploads.place, asked, signal);
    expect(await acme().remove(id)).toBe(409);
    expect(await acme().offset(id)).toBe(file.length);
    uploads.ends.set(asked.jobId, Date.now());
    expect(await acme().remove(id)).toBe(204);
    expect(await uploads.keys()).toEqual([]);
    expect(await acme().offset(id)).toBe(404);
  });

  test("a hostile client gets nothing and leaves nothing", async () => {
    const { id } = await acme().create(10);
    expect(await acme().send(id, 5, "12345")).toBe(409);
    expect(await acme().send(id, 0, "12345678901")).toBe(413);
    expect(await acme().send(id, 0, "1", { "Content-Type": "text/plain" })).toBe(415);
    expect(await acme().send(id, 0, "1", { "Upload-Offset": "-1" })).toBe(400);
    expect(await acme().offset(id)).toBe(0);
    for (const size of ["0", "-1", "1e3", "1.5", "0x10", "", `${2 ** 40}`, "99999999999999999999"]) {
      const { status } = await uploads.ask("POST", "", { "Upload-Length": size });
      expect([size, [400, 413].includes(status)]).toEqual([size, true]);
    }
    const wrong: [field: string, headers: Record<string, string>][] = [
      ["Upload-Length", {}],
      ["Upload-Length", { "Upload-Length": "1.5" }],
      ["Upload-Length", { "Upload-Defer-Length": "1" }],
      ["Upload-Concat", { "Upload-Length": "1", "Upload-Concat": "final;/a /b" }],
      ["Upload-Metadata", { "Upload-Length": "1", "Upload-Metadata": `a ${"A".repeat(5_000)}` }],
      ["Upload-Metadata", { "Upload-Length": "1", "Upload-Metadata": "a b c" }],
    ];
    for (const [field, headers] of wrong) {
      const refused = await uploads.ask("POST", "", headers);
      expect([headers, refused.status]).toEqual([headers, 400]);
      expect(await refused.json()).toMatchObject({ errors: [{ field }] });
    }
    const without = await uploads.ask("POST", "", { "Upload-Length": "1", "Tus-Resumable": "0.2" });
    expect([without.status, without.headers.get("Tus-Version")]).toEqual([412, "1.0.0"]);
    for (const path of ["/..%2f..%2fetc", "/_open", `/${"0".repeat(32)}`, `/${id}.info`, `/..%2fbeta%2f${id}`])
      expect([path, (await uploads.ask("HEAD", path, { "X-Tenant": "acme" })).status]).toEqual([path, 404]);
    const answer = await uploads.ask("HEAD", `/${id}`, { "X-Tenant": "acme", Origin: "https://evil.example" });
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);

    // As many as a tenant may have are begun, however many are asked for at a time.
    const begun = await Promise.all(Array.from({ length: 40 }, () => acme().create(1_000)));
    expect(begun.filter(({ status }) => status === 201)).toHaveLength(4);
    const refused = begun.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(36);
    expect((await beta().create(1)).status).toBe(201);
    for (const { answer } of refused) expect(answer.headers.get("Content-Type")).toBe("application/problem+json");

    await uploads.expireAfter(uploads.expiryMs + 1);
    expect(await uploads.keys()).toEqual([]);
    expect(await hasOpenParts()).toBe(false);
  });

  test("what is of use does not expire: the last byte counts, and the end of the last job", async () => {
    const sent = async (text: string) => {
      const { id } = await acme().create(text.length);
      expect(await acme().send(id, 0, text)).toBe(204);
      return id;
    };
    const [unread, read, reading] = [await sent("unread"), await sent("read"), await sent("reading")];
    const pinned = { read: newJob(), reading: newJob() };
    const pin = (jobId: string, id: string) =>
      pinUploads(uploads.place, { jobId, inputUrl: uploadUrl(id), tenant: "acme" }, signal);
    await pin(pinned.read, read);
    await pin(pinned.reading, reading);
    const { id: open } = await acme().create(20);
    await uploads.expireAfter(uploads.expiryMs / 2);
    uploads.ends.set(pinned.read, uploads.now());
    expect(await acme().send(open, 0, "0123456789")).toBe(204);
    await uploads.expireAfter(uploads.expiryMs / 2 + 1_000);
    expect([await acme().offset(unread), await acme().offset(read), await acme().offset(reading)]).toEqual([404, 4, 7]);
    expect(await acme().offset(open)).toBe(10);
    expect(await refusal(pin(newJob(), unread))).toContain("expired");

    uploads.ends.set(pinned.reading, 0);
    await uploads.expireAfter(uploads.expiryMs * 2);
    expect(await uploads.keys()).toEqual([]);
    expect(await hasOpenParts()).toBe(false);
  });

  const onS3 = kind === "s3" ? test : () => {};
  onS3("a part that the store refuses leaves no hole, though parts behind it arrived", async () => {
    const file = randomBytes(17 * 2 ** 20);
    const { id } = await acme().create(file.length);
    const inner = Object(uploads.bytes.tus);
    const send = inner.uploadPart.bind(inner);
    let refusals = 1;
    const others = Promise.withResolvers<void>();
    inner.uploadPart = async (metadata: unknown, part: Readable, number: number) => {
      if (number === 2 && refusals > 0) {
        refusals -= 1;
        await others.promise;
        throw new Error("refused");
      }
      const sent = await send(metadata, part, number);
      if (number === 3) others.resolve();
      return sent;
    };
    expect(await acme().send(id, 0, file)).toBe(503);
    const offset = await acme().offset(id);
    expect(offset).toBe(5 * 2 ** 20);
    expect(await acme().send(id, offset, file.subarray(offset))).toBe(204);
    inner.uploadPart = send;
    const copy = join(stack.use(await temporaryFolder()).path, "copy");
    await uploads.place.storage.fetch(at(id).key, copy, signal);
    expect(Buffer.compare(Buffer.from(await Bun.file(copy).arrayBuffer()), file)).toBe(0);
    expect(await acme().remove(id)).toBe(204);
  });

  test("clients that begin to send and then are silent hold up nobody else", async () => {
    const silent = Array.from({ length: 12 }, async (_, index) => {
      const tenant = rawClient(uploads, `silent-${index}`);
      const { id } = await tenant.create(100);
      const { readable, writable } = new TransformStream<Uint8Array>();
      const writer = writable.getWriter();
      const sent = tenant.send(id, 0, readable);
      await writer.write(Buffer.from("x"));
      return { end: () => writer.abort(new Error("gone")).catch(() => {}), sent, tenant, id };
    });
    const hanging = await Promise.all(silent);
    const { id } = await acme().create(4);
    expect(await acme().send(id, 0, "last")).toBe(204);
    for (const { end, sent, tenant, id: theirs } of hanging) {
      await end();
      await sent;
      expect(await tenant.remove(theirs)).toBe(204);
    }
    expect(await acme().remove(id)).toBe(204);
    expect(await uploads.keys()).toEqual([]);
  });

  test("an upload whose last byte arrived before a crash is finished when its client asks", async () => {
    const { id } = await acme().create(4);
    expect(await acme().send(id, 0, "last")).toBe(204);
    await uploads.place.storage.remove(finishedKey(at(id).key), signal);
    expect(await refusal(checkUpload(at(id), signal))).toContain("not finished");
    expect(await acme().offset(id)).toBe(4);
    expect(await checkUpload(at(id), signal)).toBe(4);
    expect(await acme().remove(id)).toBe(204);
  });
});
