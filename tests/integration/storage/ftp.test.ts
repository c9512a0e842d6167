import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash, randomBytes } from "node:crypto";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FtpOptions } from "#shared/storage/ftp/connections.ts";
import { ftpStorage } from "#shared/storage/ftp/ftp-storage.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { storageContract } from "#tests/contract/storage.ts";
import { startFtpProxy } from "#tests/support/ftp-proxy.ts";
import { startFtpServer } from "#tests/support/ftp-server.ts";
import { rejection } from "#tests/support/outcome.ts";
import { eventually } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const vsftpd = toolPath("vsftpd") ?? "";
const signal = AbortSignal.timeout(180_000);
const headers = headersFor("clip.mp4");
const quick = { attempts: 3, firstPauseMs: 1 };

describe.skipIf(!vsftpd)("with vsftpd", () => {
  let folder: string;
  let small: string;
  let large: string;
  const bytes = randomBytes(8 * 2 ** 20);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ftp-files-"));
    small = join(folder, "small");
    large = join(folder, "large");
    await writeFile(small, "clip");
    await writeFile(large, bytes);
  });
  afterAll(() => rm(folder, { recursive: true }));

  for (const secure of ["none", "explicit", "implicit"] as const) {
    storageContract(`ftp storage, TLS ${secure}`, async () => {
      const server = await startFtpServer(vsftpd, secure);
      return {
        storage: ftpStorage(server.options),
        bytes: server.bytes,
        keys: server.keys,
        hasRemains: server.hasRemains,
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    });
  }

  async function openProxied(options: Partial<FtpOptions> = {}) {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await startFtpServer(vsftpd));
    const proxy = stack.use(await startFtpProxy(server.options.port));
    const storage = ftpStorage({ ...server.options, port: proxy.port, limits: quick, ...options });
    const owned = stack.move();
    return { server, proxy, storage, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  }

  const sent = (commands: readonly string[], name: string) => commands.filter((command) => command.startsWith(name));

  test("survives that the server is killed during an upload and comes back 3 s later", async () => {
    await using server = await startFtpServer(vsftpd, "explicit");
    const storage = ftpStorage(server.options);
    let isKilled = false;
    let back: Promise<void> | undefined;
    const staged = await storage.stage(large, "a/clip.mp4", headers, signal, () => {
      if (isKilled) return;
      isKilled = true;
      back = server
        .stop()
        .then(() => Bun.sleep(3_000))
        .then(server.restart);
    });
    await back;
    await staged.publish(signal);
    expect(sha256(await server.bytes("a/clip.mp4"))).toBe(sha256(bytes));
    expect(await server.keys()).toEqual(["a/clip.mp4"]);
  });

  test("goes on where the data connection was cut, however often, and tells of each byte once", async () => {
    await using opened = await openProxied();
    const { server, proxy, storage } = opened;
    proxy.cut(2 ** 20, 2 ** 20, 2 ** 20, 2 ** 20, 2 ** 20);
    let told = 0;
    const staged = await storage.stage(large, "clip.mp4", headers, signal, (more) => {
      told += more;
    });
    await staged.publish(signal);
    expect(sha256(await server.bytes("clip.mp4"))).toBe(sha256(bytes));
    expect(told).toBe(bytes.length);
    expect(sent(proxy.commands, "STOR")).toHaveLength(1);
    expect(sent(proxy.commands, "APPE").length).toBeGreaterThanOrEqual(5);
  });

  test("does not go on behind bytes that a connection which was cut has left twice", async () => {
    await using opened = await openProxied({ limits: { attempts: 3, firstPauseMs: 400 } });
    const { server, proxy, storage } = opened;
    proxy.cut(2 ** 20, 2 ** 20);
    const staging = storage.stage(large, "clip.mp4", headers, signal);
    await eventually(() => proxy.commands.includes("QUIT"), "the cut connection is given up");
    const [part = ""] = await readdir(server.root);
    const path = join(server.root, part);
    await appendFile(path, (await readFile(path)).subarray(-10_000));
    await (await staging).publish(signal);
    expect(sha256(await server.bytes("clip.mp4"))).toBe(sha256(bytes));
  });

  test("takes the place of what an earlier run left half done, and continues none of it", async () => {
    await using opened = await openProxied();
    const { server, proxy, storage } = opened;
    const abandoned = await storage.stage(small, "clip.mp4", headers, signal);
    await writeFile(small, "CLIP");
    const staged = await storage.stage(small, "clip.mp4", headers, signal);
    await staged.publish(signal);
    expect(String(await server.bytes("clip.mp4"))).toBe("CLIP");
    expect(sent(proxy.commands, "APPE")).toEqual([]);
    await abandoned.discard();
    expect(await server.hasRemains()).toBe(false);
    await writeFile(small, "clip");
  });

  test("knows that a file was renamed although the answer got lost", async () => {
    await using opened = await openProxied();
    const { server, proxy, storage } = opened;
    const staged = await storage.stage(small, "clip.mp4", headers, signal);
    proxy.break("lost", /^RNTO/);
    await staged.publish(signal);
    expect(await server.keys()).toEqual(["clip.mp4"]);
  });

  test("removes what is in the way for a server that does not rename over it", async () => {
    await using opened = await openProxied();
    const { server, proxy, storage } = opened;
    await storage.write("clip.mp4", "old", headers, signal);
    const staged = await storage.stage(small, "clip.mp4", headers, signal);
    proxy.break("553 there is one already", /^RNTO/);
    await staged.publish(signal);
    expect(String(await server.bytes("clip.mp4"))).toBe("clip");
  });

  test("is not deterred by another who puts a file in the way while it is being removed", async () => {
    await using opened = await openProxied();
    const { server, proxy, storage } = opened;
    await storage.write("clip.mp4", "of another", headers, signal);
    const staged = await storage.stage(small, "clip.mp4", headers, signal);
    proxy.break("553 there is one already", /^RNTO/);
    // Not there when it was to be removed, and there again when its size is asked for.
    proxy.break("550 no such file", /^DELE/);
    await staged.publish(signal);
    expect(String(await server.bytes("clip.mp4"))).toBe("clip");
    expect(await server.hasRemains()).toBe(false);
  });

  test("leaves nothing when the server refuses for good", async () => {
    await using opened = await openProxied();
    const { server, proxy, storage } = opened;
    proxy.break("552 quota exceeded", /^STOR/, 3);
    expect(await rejection(storage.stage(small, "a/clip.mp4", headers, signal))).toMatchObject({
      kind: "delivery_failed",
      message: "the storage is full",
    });
    expect(await server.hasRemains()).toBe(false);
  });

  test("sends many files over four connections, one login each, and makes their folder once", async () => {
    await using opened = await openProxied({ limits: { idleMs: 2_000 } });
    const { server, proxy, storage } = opened;
    await storage.write("hls/first.ts", "clip", headers, signal);
    const keys = Array.from({ length: 40 }, (_, index) => `hls/segment_${index}.ts`);
    await Promise.all(keys.map(async (key) => (await storage.stage(small, key, headers, signal)).publish(signal)));
    expect((await server.keys()).length).toBe(41);
    expect(proxy.logins()).toBe(4);
    expect(sent(proxy.commands, "MKD").filter((command) => command.endsWith("/hls"))).toHaveLength(1);
    await eventually(() => proxy.open() === 0, "all connections are closed");
  });

  test.each(["450 fileErr", "551 File not available"])("takes %j for what it is: nothing there", async (reply) => {
    await using opened = await openProxied();
    const { server, proxy, storage } = opened;
    proxy.translate(/^550 .*/m, reply);
    expect(await storage.read("a/none.json", signal)).toBeUndefined();
    expect(await storage.stat("none.mp4", signal)).toBeUndefined();
    expect(await Array.fromAsync(storage.list("no/folder/", signal))).toEqual([]);
    await storage.remove("a/none.json", signal);
    await (await storage.stage(small, "a/clip.mp4", headers, signal)).publish(signal);
    expect(await storage.stat("a/clip.mp4", signal)).toEqual({ bytes: 4 });
    expect(await storage.stat("a/none.mp4", signal)).toBeUndefined();
    await storage.remove("a/clip.mp4", signal);
    expect(await server.keys()).toEqual([]);
    expect(await server.hasRemains()).toBe(false);
  });

  test("does not take a file that is in use for one that is not there", async () => {
    await using opened = await openProxied();
    const { proxy, storage } = opened;
    await storage.write("clip.json", "{}", headers, signal);
    proxy.break("450 file busy", /^SIZE/, Number.POSITIVE_INFINITY);
    expect(await rejection(storage.stat("clip.json", signal))).toMatchObject({
      message: "the storage answered with an error (450)",
    });
  });

  test.each([
    [/^SIZE/, "502 not implemented", "the storage does not know the command SIZE"],
    [/^RNFR/, "500 what?", "the storage does not know the command RNFR"],
    [/^(EPSV|PASV)/, "502 no", "the storage offers no passive mode (EPSV or PASV), and no other is used"],
  ])(
    "says what a server lacks that answers %p with %j, at once, and leaves what is there",
    async (command, reply, message) => {
      await using opened = await openProxied();
      const { server, proxy, storage } = opened;
      await storage.write("clip.json", "old", headers, signal);
      proxy.break(reply as `${number} ${string}`, command, Number.POSITIVE_INFINITY);
      const asked = proxy.commands.length;
      // One has a connection already, the other finds it out with its first.
      for (const each of [storage, ftpStorage({ ...server.options, port: proxy.port, limits: quick })])
        expect(await rejection(each.write("clip.json", "new", headers, signal))).toMatchObject({
          kind: "delivery_failed",
          message,
        });
      expect(sent(proxy.commands.slice(asked), "USER").length).toBeLessThanOrEqual(2);
      expect(String(await server.bytes("clip.json"))).toBe("old");
    },
  );

  test("says that data connections lead nowhere", async () => {
    await using opened = await openProxied();
    const { proxy, storage } = opened;
    proxy.break("229 Entering Extended Passive Mode (|||9|)", /^EPSV/, Number.POSITIVE_INFINITY);
    proxy.break("227 Entering Passive Mode (127,0,0,1,0,9)", /^PASV/, Number.POSITIVE_INFINITY);
    expect(await rejection(storage.write("clip.json", "{}", headers, signal))).toMatchObject({
      message: "the storage's data connections cannot be reached: its passive ports or their address",
    });
  });

  test("says in words what went wrong", async () => {
    await using plain = await startFtpServer(vsftpd);
    await using encrypted = await startFtpServer(vsftpd, "explicit");
    await using implicit = await startFtpServer(vsftpd, "implicit");
    const problem = (options: FtpOptions) =>
      ftpStorage({ ...options, limits: { ...quick, ...options.limits } })
        .stat("clip.mp4", signal)
        .catch((error: unknown) => error);
    const failed = (message: string) => ({ kind: "delivery_failed", message });

    const { ca: _ca, ...untrusted } = encrypted.options;
    expect(await problem({ ...plain.options, password: "wrong" })).toMatchObject(
      failed("the storage refused the credentials"),
    );
    expect(await problem({ ...plain.options, secure: "explicit" })).toMatchObject(
      failed("the storage does not speak TLS"),
    );
    expect(await problem({ ...encrypted.options, secure: "none" })).toMatchObject(
      failed("the storage accepts encrypted connections only"),
    );
    expect(await problem(untrusted)).toMatchObject(failed("the storage's certificate is not trusted"));
    expect(await problem({ ...encrypted.options, host: "127.0.0.1" })).toMatchObject(
      failed("the storage's certificate is for another name"),
    );
    expect(await problem({ ...implicit.options, secure: "none", limits: { answerMs: 50 } })).toMatchObject(
      failed("the storage did not answer in time"),
    );
    expect(await problem({ ...encrypted.options, ca: join(folder, "nothing") })).toMatchObject(
      failed("the file that FTP_CA names cannot be read"),
    );
    await plain.stop();
    expect(await problem(plain.options)).toMatchObject(failed("the storage cannot be reached"));
  });

  test("can be aborted while the server hangs", async () => {
    await using opened = await openProxied();
    const { proxy, storage } = opened;
    proxy.break("hang", /^USER/);
    const abort = new AbortController();
    const reason = new Error("cancelled");
    const reading = storage.read("clip.mp4", abort.signal);
    await eventually(() => proxy.logins() > 0, "the server is asked");
    abort.abort(reason);
    expect(await rejection(reading)).toBe(reason);
  });
});

test("gives FTP URLs, or URLs below the public one", () => {
  const server = { host: "ftp.example.com", secure: "explicit" } as const;
  expect(ftpStorage(server).urlOf("a b/c.mp4")).toBe("ftp://ftp.example.com/a%20b/c.mp4");
  expect(ftpStorage({ ...server, port: 2121, root: "/media" }).urlOf("c.mp4")).toBe(
    "ftp://ftp.example.com:2121/media/c.mp4",
  );
  expect(ftpStorage({ ...server, publicUrl: "https://cdn.example.com/" }).urlOf("c.mp4")).toBe(
    "https://cdn.example.com/c.mp4",
  );
});

const sha256 = (data: Buffer) => createHash("sha256").update(data).digest("hex");
