import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { rejection } from "#tests/support/outcome.ts";
import { localFileSource } from "#worker/source/local-file.ts";
import { sourceByScheme } from "#worker/source/source.ts";

const { signal } = new AbortController();
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "local-"));
  await writeFile(join(dir, "a clip #1.mp4"), "video");
  await writeFile(join(dir, "empty.mp4"), "");
});
afterAll(() => rm(dir, { recursive: true }));

const open = (name: string) => localFileSource(pathToFileURL(join(dir, name)).href, "/nowhere", signal);

test("takes a local file where it is", async () => {
  expect(await open("a clip #1.mp4")).toEqual({ path: join(dir, "a clip #1.mp4"), bytes: 5 });
});

test.each([
  ["none.mp4", "the source cannot be read; is there such a file?"],
  ["", "the source is not a regular file"],
  ["empty.mp4", "the source is empty"],
])("refuses %j", async (name, message) => {
  expect(await rejection(open(name))).toMatchObject({ kind: "source_failed", message });
});

test("says of a file without read permission that it may not be read", async () => {
  const path = join(dir, "closed.mp4");
  await writeFile(path, "video");
  await chmod(path, 0);
  // Root reads everything, unless it gives that up.
  const mortal = process.getuid?.() === 0 ? ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] : [];
  const program = `
    const { localFileSource } = await import("#worker/source/local-file.ts");
    await localFileSource(process.argv[1], "/nowhere", new AbortController().signal).catch((fault) => console.log(fault.message));`;
  const child = Bun.spawn([...mortal, process.execPath, "-e", program, pathToFileURL(path).href], {
    cwd: import.meta.dir,
  });
  expect(await child.stdout.text()).toBe("the source may not be read by the user who runs this: see its mode\n");
});

test.each(["file://host/a.mp4", "http://127.0.0.1/a.mp4", "a.mp4"])(
  "refuses %s, which is no local file",
  async (url) => {
    expect(await rejection(localFileSource(url, dir, signal))).toMatchObject({ kind: "invalid" });
  },
);

test("chooses a source by the scheme of its URL", async () => {
  const choose = sourceByScheme({
    "file:": async () => ({ path: "file", bytes: 1 }),
    "http:": async () => ({ path: "http", bytes: 1 }),
  });
  expect(await choose("HTTP://example.com", dir, signal)).toMatchObject({ path: "http" });
  expect(await choose("file:///a", dir, signal)).toMatchObject({ path: "file" });
  expect(await rejection(choose("ftp://example.com", dir, signal))).toMatchObject({
    kind: "invalid",
    message: "input_url: begin it with file: or http:",
  });
  expect(await rejection(choose("constructor:x", dir, signal))).toMatchObject({ kind: "invalid" });
});
