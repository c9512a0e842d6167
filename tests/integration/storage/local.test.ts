import { expect, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { makeFolder, removeEmpty } from "#shared/storage/local/files.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { textPartIn } from "#shared/storage/local/texts.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { storageContract } from "#tests/contract/storage.ts";
import { rejection } from "#tests/support/outcome.ts";
import { temporaryFolder } from "#tests/support/service.ts";

const headers = headersFor("clip.mp4");
const signal = AbortSignal.timeout(60_000);

async function temporaryIn(parent: string) {
  const path = await mkdtemp(join(parent, "local-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function openFolder() {
  const temporary = await temporaryIn(tmpdir());
  const folder = temporary.path;
  const root = join(folder, "root");
  const file = join(folder, "clip");
  await writeFile(file, "clip");
  return {
    folder,
    root,
    file,
    storage: localStorage({ root }),
    // Whatever is below the root, folders too.
    entries: async () => await readdir(root, { recursive: true }).catch(() => []),
    [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose](),
  };
}

storageContract("local storage", async () => {
  const opened = await openFolder();
  const { root, storage, entries } = opened;
  const files = async () => {
    const paths = await entries();
    const areFiles = await Promise.all(paths.map(async (path) => (await stat(join(root, path))).isFile()));
    return paths.filter((_, index) => areFiles[index]);
  };
  return {
    storage,
    bytes: (key) => readFile(join(root, key)),
    keys: async () => (await files()).filter((path) => !path.endsWith(".part")).sort(),
    // Nor an empty folder.
    hasRemains: async () => {
      const all = await entries();
      return all.some((path) => path.endsWith(".part")) || (all.length > 0 && (await files()).length === 0);
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
});

test("refuses what a symbolic link leads out of the root to, and makes nothing there", async () => {
  await using opened = await openFolder();
  const { folder, root, file, storage } = opened;
  await mkdir(root);
  await mkdir(join(folder, "outside"));
  await writeFile(join(folder, "outside/secret"), "secret");
  await symlink(join(folder, "outside"), join(root, "link"));
  await symlink(join(folder, "outside/secret"), join(root, "secret"));
  await symlink(join(folder, "outside/new"), join(root, "dangling"));

  const invalid = { kind: "invalid" };
  expect(await rejection(storage.stage(file, "link/clip.mp4", headers, signal))).toMatchObject(invalid);
  expect(await rejection(storage.stage(file, "link/deep/er/clip.mp4", headers, signal))).toMatchObject(invalid);
  expect(await rejection(storage.stage(file, "dangling/clip.mp4", headers, signal))).toMatchObject({
    kind: "delivery_failed",
  });
  expect(await rejection(storage.write("link/a.json", "{}", headers, signal))).toMatchObject(invalid);
  expect(await rejection(storage.create?.("link/a.json", "{}", headers, signal))).toMatchObject(invalid);
  expect(await rejection(storage.create?.("secret", "secret", headers, signal))).toMatchObject(invalid);
  expect(await rejection(storage.unstage?.(file, "link/clip.mp4"))).toMatchObject(invalid);
  expect(await rejection(storage.stat("link/secret", signal))).toMatchObject(invalid);
  expect(await rejection(storage.stat("secret", signal))).toMatchObject(invalid);
  expect(await rejection(storage.read("link/secret", signal))).toMatchObject(invalid);
  expect(await rejection(storage.read("secret", signal))).toMatchObject(invalid);
  expect(await rejection(storage.remove("link/secret", signal))).toMatchObject(invalid);
  expect(await rejection(Array.fromAsync(storage.list("link/", signal)))).toMatchObject(invalid);
  expect(await readdir(join(folder, "outside"))).toEqual(["secret"]);
});

test("follows no link out of the folder that it lies in, which may be a tenant's, and others as they are", async () => {
  await using opened = await openFolder();
  const { root, file, storage } = opened;
  await storage.write("globex/secret.json", "secret", headers, signal);
  await storage.write("acme/2026/own.json", "own", headers, signal);
  await symlink("../globex", join(root, "acme/link"));
  await symlink("../globex/secret.json", join(root, "acme/secret.json"));
  await symlink("2026", join(root, "acme/today"));

  const invalid = { kind: "invalid" };
  expect(await rejection(storage.stage(file, "acme/link/clip.mp4", headers, signal))).toMatchObject(invalid);
  expect(await rejection(storage.write("acme/link/deep/a.json", "{}", headers, signal))).toMatchObject(invalid);
  expect(await rejection(storage.read("acme/secret.json", signal))).toMatchObject(invalid);
  expect(await rejection(storage.stat("acme/link/secret.json", signal))).toMatchObject(invalid);
  expect(await rejection(storage.remove("acme/link/secret.json", signal))).toMatchObject(invalid);
  expect(await rejection(Array.fromAsync(storage.list("acme/link/", signal)))).toMatchObject(invalid);
  expect(await storage.read("acme/today/own.json", signal)).toBe("own");
  await storage.write("acme/today/next.json", "next", headers, signal);
  expect(await storage.read("acme/2026/next.json", signal)).toBe("next");
  expect(await storage.read("globex/secret.json", signal)).toBe("secret");
});

test("replaces a symbolic link instead of writing through it", async () => {
  await using opened = await openFolder();
  const { folder, root, file, storage } = opened;
  await mkdir(root);
  await writeFile(join(folder, "outside"), "untouched");
  await symlink(join(folder, "outside"), join(root, "clip.mp4"));
  await (await storage.stage(file, "clip.mp4", headers, signal)).publish(signal);
  expect(await readFile(join(root, "clip.mp4"), "utf8")).toBe("clip");
  expect(await readFile(join(folder, "outside"), "utf8")).toBe("untouched");
});

test("works below a root that is itself a symbolic link", async () => {
  await using opened = await openFolder();
  const { folder, file } = opened;
  await mkdir(join(folder, "real"));
  await symlink(join(folder, "real"), join(folder, "alias"));
  const storage = localStorage({ root: join(folder, "alias") });
  await (await storage.stage(file, "a/clip.mp4", headers, signal)).publish(signal);
  expect(await storage.read("a/clip.mp4", signal)).toBe("clip");
});

test("leaves no second name when the very same file is published again", async () => {
  await using opened = await openFolder();
  const { root, file, storage, entries } = opened;
  await mkdir(root);
  await link(file, join(root, "clip.mp4"));
  await (await storage.stage(file, "clip.mp4", headers, signal)).publish(signal);
  expect(await entries()).toEqual(["clip.mp4"]);
});

test("keeps folders that are not empty when it removes a file", async () => {
  await using opened = await openFolder();
  const { storage, entries } = opened;
  await storage.write("a/b/1.json", "{}", headers, signal);
  await storage.write("a/2.json", "{}", headers, signal);
  await storage.remove("a/b/1.json", signal);
  expect((await entries()).sort()).toEqual(["a", "a/2.json"]);
});

// A file system other than that of the temporary folder, as Linux has it.
const elsewhere = "/dev/shm";
const hasElsewhere = existsSync(elsewhere) && statSync(elsewhere).dev !== statSync(tmpdir()).dev;

test.skipIf(!hasElsewhere)(
  "copies from another file system, and leaves nothing of a copy that is aborted",
  async () => {
    await using opened = await openFolder();
    const { storage, entries } = opened;
    await using source = await temporaryIn(elsewhere);
    const file = join(source.path, "clip");
    await writeFile(file, Buffer.alloc(5 * 2 ** 20, "clip"));

    const abort = new AbortController();
    const reason = new Error("cancelled");
    let told = 0;
    const staging = storage.stage(file, "a/clip.mp4", headers, abort.signal, (bytes) => {
      told += bytes;
      abort.abort(reason);
    });
    expect(await rejection(staging)).toBe(reason);
    expect(told).toBeLessThan(5 * 2 ** 20);
    expect(await entries()).toEqual([]);

    await (await storage.stage(file, "a/clip.mp4", headers, signal)).publish(signal);
    expect(await storage.read("a/clip.mp4", signal)).toBe(await readFile(file, "utf8"));
  },
);

test("survives that another job's clean-up takes its folder away", async () => {
  await using opened = await openFolder();
  const { storage, entries } = opened;
  await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      await storage.write(`a/b/${index}.json`, "{}", headers, signal);
      await storage.remove(`a/b/${index}.json`, signal);
    }),
  );
  expect(await entries()).toEqual([]);
});

test("looks again where a path leads when another job's clean-up takes away what is behind it", async () => {
  await using opened = await openFolder();
  const { root, storage } = opened;
  // With a link each of its folders is looked at.
  await mkdir(join(root, "days"), { recursive: true });
  await symlink("days", join(root, "link"));
  const folder = join("link", ..."abcdefghijklmnop");
  let isOver = false;
  const cleanUps = async () => {
    while (!isOver) {
      await mkdir(join(root, folder), { recursive: true });
      await removeEmpty(join(root, folder), root);
    }
  };
  const writes = async () => {
    for (let round = 0; round < 50; round += 1) await storage.unstage?.("clip", `${folder}/clip.mp4`);
  };
  await Promise.all([
    cleanUps(),
    writes().finally(() => {
      isOver = true;
    }),
  ]);
  expect(await readdir(join(root, "days"))).toEqual([]);
});

test("a text that is taken away as soon as it is there was written all the same", async () => {
  await using opened = await openFolder();
  const { storage, entries } = opened;
  for (const write of [storage.write, storage.create]) {
    for (let round = 0; round < 25; round += 1) {
      let isWritten = false;
      const writing = write?.("a/b.json", "{}", headers, signal).finally(() => {
        isWritten = true;
      });
      const taking = async () => {
        while (!isWritten) if (await storage.stat("a/b.json", signal)) await storage.remove("a/b.json", signal);
      };
      await Promise.all([writing, taking()]);
      await storage.remove("a/b.json", signal);
    }
  }
  expect(await entries()).toEqual([]);
});

test("makes a folder again that another job's clean-up takes away before it is used", async () => {
  await using opened = await openFolder();
  const folder = join(opened.root, "a/b");
  let cleanUps = 0;
  const write = async () => {
    if (cleanUps < 2) await removeEmpty(folder, opened.root);
    cleanUps += 1;
    await writeFile(join(folder, "clip.json"), "{}");
  };
  await makeFolder(folder, write);
  expect(await opened.storage.read("a/b/clip.json", signal)).toBe("{}");
});

test("sweeps up the texts that a killed process was writing, and none of a process that lives", async () => {
  const root = await mkdtemp(join(tmpdir(), "swept-"));
  const naming = `import { textPartIn } from "#shared/storage/local/texts.ts"; console.log(textPartIn(process.argv[1]));`;
  const part = Bun.spawnSync([process.execPath, "-e", naming, root], { cwd: import.meta.dir })
    .stdout.toString()
    .trim();
  const living = textPartIn(root);
  // In a container each process has the number of the one before it; the version before did not tell them apart.
  const [, host, start] = new RegExp(`-([0-9a-f]{8})-${process.pid}-(\\d+)-`).exec(living) ?? [];
  const before = living.replace(`-${start}-`, `-${Number(start) - 1}-`);
  const former = living.replace(`-${start}-`, "-");
  expect(host).toHaveLength(8);
  await mkdir(dirname(living), { recursive: true });
  for (const path of [part, living, before, former]) await writeFile(path, "{}");

  await localStorage({ root }).sweep?.();
  expect(await readdir(dirname(living))).toEqual([basename(living)]);
  await rm(living);
  await localStorage({ root }).sweep?.();
  expect(await readdir(root)).toEqual([]);
  await rm(root, { recursive: true });
});

test("says in words that something is in the way", async () => {
  await using opened = await openFolder();
  const { file, storage, entries } = opened;
  await storage.write("a/b", "text", headers, signal);
  const failed = { kind: "delivery_failed", message: expect.stringContaining("in the output's place") };
  expect(await rejection(storage.stage(file, "a/b/clip.mp4", headers, signal))).toMatchObject(failed);
  expect(await storage.read("a/b/clip.mp4", signal)).toBeUndefined();
  expect(await Array.fromAsync(storage.list("a/b/c/", signal))).toEqual([]);
  await storage.remove("a/b/clip.mp4", signal);
  const staged = await storage.stage(file, "a", headers, signal);
  expect(await rejection(staged.publish(signal))).toMatchObject(failed);
  expect((await entries()).sort()).toEqual(["a", "a/b"]);
});

test("gives file URLs, or URLs below the public one", () => {
  expect(localStorage({ root: "/srv/out" }).urlOf("a b/ü.mp4")).toBe("file:///srv/out/a%20b/%C3%BC.mp4");
  const publicUrl = "https://media.example.com/v/";
  expect(localStorage({ root: "/srv/out", publicUrl }).urlOf("a b/ü.mp4")).toBe(
    "https://media.example.com/v/a%20b/%C3%BC.mp4",
  );
});

test.each(["ENOENT", "EEXIST"])("a folder that others remove meanwhile (%s) is made again", async (code) => {
  await using folder = await temporaryFolder();
  let tries = 0;
  await makeFolder(join(folder.path, "a/b"), async () => {
    tries += 1;
    if (tries < 10) throw Object.assign(new Error(code), { code });
  });
  expect(tries).toBe(10);
});
