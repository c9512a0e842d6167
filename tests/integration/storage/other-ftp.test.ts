import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ftpStorage } from "#shared/storage/ftp/ftp-storage.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { storageContract } from "#tests/contract/storage.ts";
import { startFtpProxy } from "#tests/support/ftp-proxy.ts";
import { isThere, startOtherFtpServer } from "#tests/support/other-ftp-servers.ts";
import { temporaryFolder } from "#tests/support/service.ts";

const signal = AbortSignal.timeout(180_000);
const headers = headersFor("clip.mp4");
const quick = { attempts: 3, firstPauseMs: 1 };

for (const name of ["proftpd", "pure-ftpd", "pyftpdlib"] as const) {
  describe.skipIf(!(await isThere(name)))(`with ${name}`, () => {
    storageContract("ftp storage", async () => {
      const server = await startOtherFtpServer(name);
      return { ...server, storage: ftpStorage(server.options) };
    });

    const stack = new AsyncDisposableStack();
    const bytes = randomBytes(4 * 2 ** 20);
    let file: string;
    beforeAll(async () => {
      file = join(stack.use(await temporaryFolder()).path, "clip");
      await writeFile(file, bytes);
    });
    afterAll(() => stack.disposeAsync());

    test("finds that there is no such file at once, over one connection", async () => {
      await using server = await startOtherFtpServer(name);
      await using proxy = await startFtpProxy(server.options.port);
      const storage = ftpStorage({ ...server.options, port: proxy.port });
      for (const key of ["none.json", "no/folder/none.json"]) {
        expect(await storage.read(key, signal)).toBeUndefined();
        expect(await storage.stat(key, signal)).toBeUndefined();
        await storage.remove(key, signal);
      }
      expect(await Array.fromAsync(storage.list("no/folder/", signal))).toEqual([]);
      expect(proxy.logins()).toBe(1);
    });

    test("has an upload whole that was cut twice", async () => {
      await using server = await startOtherFtpServer(name);
      await using proxy = await startFtpProxy(server.options.port);
      const storage = ftpStorage({ ...server.options, port: proxy.port, limits: quick });
      proxy.cut(2 ** 20, 2 ** 20);
      let told = 0;
      const staged = await storage.stage(file, "a/clip.mp4", headers, signal, (more) => {
        told += more;
      });
      await staged.publish(signal);
      expect((await server.bytes("a/clip.mp4")).equals(bytes)).toBe(true);
      expect(told).toBe(bytes.length);
      expect(await server.hasRemains()).toBe(false);
    });
  });
}

describe.skipIf(!(await isThere("proftpd")))("with proftpd that lets no file be overwritten", () => {
  storageContract("ftp storage", async () => {
    const server = await startOtherFtpServer("proftpd", ["AllowOverwrite off"]);
    return { ...server, storage: ftpStorage(server.options) };
  });
});
