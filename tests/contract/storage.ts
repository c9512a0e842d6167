import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash, randomBytes } from "node:crypto";
import { watch } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { rejection } from "#tests/support/outcome.ts";

/** A storage that is empty, and a look into it by another way than its own. */
export type OpenedStorage = {
  storage: Storage;
  bytes(key: string): Promise<Buffer>;
  keys(): Promise<string[]>;
  /** Whether anything is left of uploads that never appeared; may empty the storage. */
  hasRemains(): Promise<boolean>;
} & AsyncDisposable;

const largeBytes = 20 * 2 ** 20 + 12_345;

/** Every back-end must pass these. */
export function storageContract(name: string, open: () => Promise<OpenedStorage>) {
  describe(name, () => {
    let folder: string;
    let small: string;
    let large: string;
    const signal = AbortSignal.timeout(180_000);
    const mp4 = headersFor("clip.mp4");

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "storage-"));
      small = join(folder, "small");
      large = join(folder, "large");
      await writeFile(small, "clip");
      await writeFile(large, randomBytes(largeBytes));
    });
    afterAll(() => rm(folder, { recursive: true }));

    test("shows a file under a nested key when it is published, and not before", async () => {
      await using opened = await open();
      const staged = await opened.storage.stage(small, "a/b/clip.mp4", mp4, signal);
      expect(await opened.keys()).toEqual([]);
      await staged.publish(signal);
      expect(await opened.keys()).toEqual(["a/b/clip.mp4"]);
      expect(String(await opened.bytes("a/b/clip.mp4"))).toBe("clip");
      expect(await opened.hasRemains()).toBe(false);
    });

    test("delivers a large file whole, and tells of its bytes", async () => {
      await using opened = await open();
      let told = 0;
      const staged = await opened.storage.stage(large, "large.mp4", mp4, signal, (bytes) => {
        told += bytes;
      });
      expect(await opened.keys()).toEqual([]);
      await staged.publish(signal);
      expect(told).toBe(largeBytes);
      expect(sha256(await opened.bytes("large.mp4"))).toBe(sha256(await bytesOf(large)));
      expect(await opened.hasRemains()).toBe(false);
    });

    test("finds what a crash left of a file that was staged, by the file and the key alone", async () => {
      await using opened = await open();
      await opened.storage.stage(small, "a/b/clip.mp4", mp4, signal);
      await opened.storage.unstage?.(small, "a/b/clip.mp4");
      await opened.storage.unstage?.(small, "never/staged.mp4");
      expect(await opened.keys()).toEqual([]);
      expect(await opened.hasRemains()).toBe(false);
    });

    test("a key is tried without a trace, be there an object or not", async () => {
      await using opened = await open();
      await put(opened.storage, small, "there/clip.mp4");
      for (const key of ["a/b/clip.mp4", "there/clip.mp4", "clip.mp4"]) {
        await opened.storage.tryWrite?.(key, "a job", signal);
        expect(await opened.keys()).toEqual(["there/clip.mp4"]);
      }
      expect(String(await opened.bytes("there/clip.mp4"))).toBe("clip");
      expect(await opened.hasRemains()).toBe(false);
      const reason = new Error("cancelled");
      const fired = AbortSignal.abort(reason);
      expect(await rejection(opened.storage.tryWrite?.("a/clip.mp4", "a job", fired))).toBe(reason);
    });

    test("replaces what was there whole", async () => {
      await using opened = await open();
      await put(opened.storage, large, "clip.mp4");
      await put(opened.storage, small, "clip.mp4");
      expect(String(await opened.bytes("clip.mp4"))).toBe("clip");
      await put(opened.storage, small, "clip.mp4");
      expect(String(await opened.bytes("clip.mp4"))).toBe("clip");
    });

    test.each(["small", "large"])("leaves nothing of a %s file that is discarded", async (size) => {
      await using opened = await open();
      const staged = await opened.storage.stage(size === "small" ? small : large, "a/clip.mp4", mp4, signal);
      await staged.discard();
      expect(await opened.keys()).toEqual([]);
      expect(await opened.hasRemains()).toBe(false);
    });

    test("leaves nothing when it is aborted, and throws the reason", async () => {
      await using opened = await open();
      const abort = new AbortController();
      const reason = new Error("cancelled");
      const staging = opened.storage.stage(large, "a/clip.mp4", mp4, abort.signal, () => abort.abort(reason));
      // A back-end that takes the file in one step may be done before it can be aborted.
      const staged = await staging.catch((error: unknown) => {
        expect(error).toBe(reason);
      });
      await staged?.discard();
      expect(await opened.keys()).toEqual([]);
      expect(await opened.hasRemains()).toBe(false);
    });

    test("does nothing for a signal that has fired", async () => {
      await using opened = await open();
      const reason = new Error("cancelled");
      const fired = AbortSignal.abort(reason);
      expect(await rejection(opened.storage.stage(large, "a/clip.mp4", mp4, fired))).toBe(reason);
      expect(await rejection(opened.storage.write("a/b.json", "{}", mp4, fired))).toBe(reason);
      expect(await opened.keys()).toEqual([]);
      expect(await opened.hasRemains()).toBe(false);
    });

    test("leaves nothing of a publish that is aborted", async () => {
      await using opened = await open();
      const reason = new Error("cancelled");
      const staged = await opened.storage.stage(large, "a/clip.mp4", mp4, signal);
      expect(await rejection(staged.publish(AbortSignal.abort(reason)))).toBe(reason);
      await staged.discard();
      expect(await opened.keys()).toEqual([]);
      expect(await opened.hasRemains()).toBe(false);
    });

    test.each(["../out.mp4", "a/../../out.mp4", "/etc/passwd", "", "a//b", "a/./b", "a\\b", "a\nb"])(
      "refuses the key %j",
      async (key) => {
        await using opened = await open();
        const { storage } = opened;
        const invalid = { kind: "invalid" };
        expect(await rejection(storage.stage(small, key, mp4, signal))).toMatchObject(invalid);
        expect(await rejection(storage.write(key, "text", mp4, signal))).toMatchObject(invalid);
        expect(await rejection(storage.read(key, signal))).toMatchObject(invalid);
        expect(await rejection(storage.stat(key, signal))).toMatchObject(invalid);
        expect(await rejection(storage.fetch(key, join(folder, "refused"), signal))).toMatchObject(invalid);
        expect(await rejection(storage.remove(key, signal))).toMatchObject(invalid);
        expect(await rejection(Array.fromAsync(storage.list(`${key}/`, signal)))).toMatchObject(invalid);
        expect(() => storage.urlOf(key)).toThrow();
      },
    );

    test("takes keys and metadata in any language", async () => {
      await using opened = await open();
      const key = "動画/été & 100% +#?.mp4";
      const headers = headersFor(key, { title: "東京の夜", author: "café", plain: "100 percent" });
      await (await opened.storage.stage(small, key, headers, signal)).publish(signal);
      expect(await opened.keys()).toEqual([key]);
      expect(await Array.fromAsync(opened.storage.list("動画/", signal))).toEqual([key]);
      expect(await opened.storage.read(key, signal)).toBe("clip");
      expect(decodeURIComponent(new URL(opened.storage.urlOf(key)).pathname)).toEndWith(`/${key}`);
    });

    test("writes, reads and removes texts", async () => {
      await using opened = await open();
      const { storage } = opened;
      await storage.write(".flux/jobs/a.json", "première", headersFor("a.json"), signal);
      await storage.write(".flux/jobs/a.json", "zweite", headersFor("a.json"), signal);
      expect(await storage.read(".flux/jobs/a.json", signal)).toBe("zweite");
      expect(String(await opened.bytes(".flux/jobs/a.json"))).toBe("zweite");
      await storage.remove(".flux/jobs/a.json", signal);
      await storage.remove(".flux/jobs/a.json", signal);
      expect(await storage.read(".flux/jobs/a.json", signal)).toBeUndefined();
      expect(await opened.keys()).toEqual([]);
      expect(await opened.hasRemains()).toBe(false);
    });

    test("tells the size of what is there, and of nothing else", async () => {
      await using opened = await open();
      const { storage } = opened;
      await put(storage, small, "a/clip.mp4");
      expect(await storage.stat("a/clip.mp4", signal)).toEqual({ bytes: 4 });
      expect(await storage.stat("a/other.mp4", signal)).toBeUndefined();
      expect(await storage.stat("a", signal)).toBeUndefined();
      expect(await storage.stat("nothing/here", signal)).toBeUndefined();
    });

    test("compares what is there with a size and a hash and fetches it, however large it is", async () => {
      await using opened = await open();
      const { storage } = opened;
      await put(storage, small, "a/clip.mp4");
      await put(storage, large, "a/large.mp4");
      const [clip, film] = [Buffer.from("clip"), await bytesOf(large)];
      const compare = (key: string, bytes: number, content: Buffer) =>
        storage.compare(key, { bytes, sha256: sha256(content) }, signal);
      expect(await compare("a/clip.mp4", 4, clip)).toBe("same");
      expect(await compare("a/clip.mp4", 4, Buffer.from("clap"))).toBe("different");
      expect(await compare("a/clip.mp4", 5, clip)).toBe("different");
      expect(await compare("a/large.mp4", largeBytes, film)).toBe("same");
      film[largeBytes - 1] = Number(film[largeBytes - 1]) ^ 1;
      expect(await compare("a/large.mp4", largeBytes, film)).toBe("different");
      const fetched = join(folder, "fetched");
      // What is there goes, and not what it is a link to.
      await symlink(small, fetched);
      expect(await storage.fetch("a/large.mp4", fetched, signal)).toEqual({ bytes: largeBytes });
      expect(sha256(await bytesOf(fetched))).toBe(sha256(await bytesOf(large)));
      expect(await storage.fetch("a/clip.mp4", fetched, signal, 4)).toEqual({ bytes: 4 });
      expect(await Bun.file(fetched).text()).toBe("clip");
      for (const key of ["a/clip.mp4", "a/large.mp4"]) {
        expect(await rejection(storage.fetch(key, fetched, signal, 3))).toMatchObject({ kind: "too_large" });
      }
      for (const key of ["a/other.mp4", "a", "nothing/here"]) {
        expect(await compare(key, 4, clip)).toBe("missing");
        expect(await storage.fetch(key, fetched, signal)).toBeUndefined();
      }
      expect(await Bun.file(fetched).exists()).toBe(false);

      const [abort, reason] = [new AbortController(), new Error("cancelled")];
      const seen = watch(folder, () => abort.abort(reason));
      // It may be done before the abort comes.
      const done = await storage.fetch("a/large.mp4", fetched, abort.signal).catch((error: unknown) => {
        expect(error).toBe(reason);
      });
      seen.close();
      expect(await Bun.file(fetched).exists()).toBe(done !== undefined);
    });

    test("lets one of those who create a key together have it, and keeps its text", async () => {
      await using opened = await open();
      const { storage } = opened;
      if (!storage.create) return;
      const create = (text: string) => storage.create?.("claims/a.json", text, headersFor("a.json"), signal);
      const texts = ["one", "two", "three", "four", "five"];
      const created = await Promise.all(texts.map(create));
      expect(created.filter(Boolean)).toHaveLength(1);
      const winner = texts[created.indexOf(true)] ?? "";
      expect(String(await opened.bytes("claims/a.json"))).toBe(winner);
      expect(await create("late")).toBe(false);
      // As after an answer that got lost.
      expect(await create(winner)).toBe(true);
      await storage.remove("claims/a.json", signal);
      expect(await create("next")).toBe(true);
      expect(await opened.hasRemains()).toBe(false);
    });

    test("lists the keys of a folder and of those in it, and no others", async () => {
      await using opened = await open();
      const { storage } = opened;
      for (const key of ["a/1.json", "a/b/2.json", "ab/3.json", "4.json"]) await storage.write(key, "{}", mp4, signal);
      expect((await Array.fromAsync(storage.list("a/", signal))).sort()).toEqual(["a/1.json", "a/b/2.json"]);
      expect(await Array.fromAsync(storage.list("nothing/", signal))).toEqual([]);
      expect(await storage.read("nothing/here.json", signal)).toBeUndefined();
    });

    test("lists a part of a folder, sorted, from behind any text on", async () => {
      await using opened = await open();
      const { storage } = opened;
      const keys = ["a/1-x~%7E~", "a/1-y~t~p", "a/10", "a/2", "a/b/3", "a/c", "a/d"];
      for (const key of ["0", ...keys.toReversed(), "b/1"]) await storage.write(key, "\n", mp4, signal);
      const list = (after: string, limit: number) => Array.fromAsync(storage.list("a/", signal, { after, limit }));
      expect(await list("a/", 99)).toEqual(keys);
      expect(await list("a/1", 3)).toEqual(keys.slice(0, 3));
      expect(await list("a/1-x~%7E~", 2)).toEqual(keys.slice(1, 3));
      expect(await list("a/15", 2)).toEqual(keys.slice(3, 5));
      expect(await list("a/b/3", 9)).toEqual(keys.slice(5));
      expect(await list("a/d", 9)).toEqual([]);
      expect(await list("", 1)).toEqual(keys.slice(0, 1));
    });

    test("keeps one of the files that are published to a key together", async () => {
      await using opened = await open();
      const files = await Promise.all(
        Array.from({ length: 6 }, async (_, index) => {
          const file = join(folder, `same-${index}`);
          await writeFile(file, `clip ${index}`);
          return file;
        }),
      );
      await Promise.all(files.map((file) => put(opened.storage, file, "a/clip.mp4")));
      expect(await opened.keys()).toEqual(["a/clip.mp4"]);
      expect(String(await opened.bytes("a/clip.mp4"))).toMatch(/^clip [0-5]$/);
      expect(await opened.hasRemains()).toBe(false);
    });

    const put = async (storage: Storage, file: string, key: string) =>
      (await storage.stage(file, key, mp4, signal)).publish(signal);
  });
}

const bytesOf = async (file: string) => Buffer.from(await Bun.file(file).arrayBuffer());
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
