import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let home: string;
let sources: ReturnType<typeof serveFiles>;
let api: ReturnType<typeof client>;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 1 }) }));
  const port = await freePort();
  stack.use(await startWorker({ port, home }));
  api = client(stack.use(await startControlplane([port])).url);
  await Bun.write(join(home, "out", "films", "here"), "a film");
  await mkdir(join(home, "out", "folder.mp4"));
});
afterAll(() => stack.disposeAsync());

test.each([
  ["tiny", "films/here/a.mp4", "EEXIST"],
  ["tiny", "folder.mp4", "EISDIR"],
  ["hls_tiny", "films/here/whole/", "ENOTDIR"],
])("an output of %s that cannot be written to %p fails before its source is fetched", async (preset, path, code) => {
  const before = sources.asked.length;
  const { body } = await api.post({ input_url: sources.url("clip.mp4"), preset, output: { path } }, { prefer: "wait" });
  expect(body).toMatchObject({ kind: "delivery_failed", detail: expect.stringContaining(`${path} (${code}`) });
  expect(sources.asked.slice(before)).toEqual([]);
  expect((await filesIn(join(home, "out"))).filter((file) => !file.startsWith(".flux/"))).toEqual(["films/here"]);
  expect(await readdir(join(home, "out", "folder.mp4"))).toEqual([]);
});
