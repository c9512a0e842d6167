import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { judgePlaylists, namedIn } from "#tests/support/playlists.ts";
import { freePort, jobsFolder, startControlplane, startWorker } from "#tests/support/processes.ts";
import { folderReader, type Reader, s3Reader, watchPlaylists } from "#tests/support/reader.ts";
import { checkRules } from "#tests/support/rules/check.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { client, eventually, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;
let home: string;
let s3: Awaited<ReturnType<typeof startS3Server>>;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  s3 = stack.use(await startS3Server());
  const [short, long, two] = await Promise.all([
    clip({ seconds: 3 }),
    clip({ seconds: 6, size: "320x180" }),
    clip({ seconds: 3, languages: ["eng", "jpn"] }),
  ]);
  sources = stack.use(serveFiles({ "short.mp4": short, "long.mp4": long, "two.mp4": two }));
});
afterAll(() => stack.disposeAsync());

/** A worker of its own and a control plane before it. */
async function service() {
  const port = await freePort();
  stack.use(await startWorker({ port, home, ...s3.env, RECORD_STORAGE: "local" }));
  const api = client(stack.use(await startControlplane([port])).url);
  return { api, workDir: jobsFolder(home, port) };
}

const places: [string, () => Reader, string][] = [
  ["local", () => folderReader(join(home, "out")), "hls_slow_fmp4"],
  ["s3", () => s3Reader(s3), "hls_slow"],
];

test.each(places)("a ladder in %s is whole, and its media were there before what names them", async (storage, open) => {
  const { api } = await service();
  const order = { input_url: sources.url("short.mp4"), preset: "hls_tiny", output: { storage, path: "films/whole/" } };
  const { job_id } = (await api.post(order)).body;
  const last = (await api.events(job_id)).at(-1);
  expect(last).toMatchObject({ status: "completed", output_type: "hls" });
  expect(last?.output_url).toEndWith("films/whole/master.m3u8");

  const { keys, missing, text } = await open().all("films/whole/");
  expect(missing).toEqual([]);
  expect(keys).toContain("films/whole/master.m3u8");
  expect(keys).toContain("films/whole/segment_0_000.ts");
  expect(last?.files_uploaded).toBe(keys.length);
  expect(text("films/whole/stream_0.m3u8")).toContain("#EXT-X-PLAYLIST-TYPE:VOD");
  expect(text("films/whole/stream_0.m3u8")).toContain("#EXT-X-ENDLIST");
});

test.each(places)(
  "segments reach %s while the encode runs, and a playlist that grows is never ahead of them",
  async (storage, open, preset) => {
    const { api, workDir } = await service();
    const path = `films/growing-${storage}/`;
    const output = { storage, path, publish: "progressive" };
    const { job_id } = (await api.post({ input_url: sources.url("long.mp4"), preset, output })).body;
    await using watching = watchPlaylists(open(), path);

    const early = await api.until(job_id, ({ files_uploaded = 0 }) => files_uploaded > 2);
    expect(early.status).toBe("processing");
    await eventually(
      () => watching.seen().some((text) => text.includes("#EXT-X-PLAYLIST-TYPE:EVENT")),
      "a growing playlist",
    );
    const onDisk = await readdir(join(workDir, String(job_id), "output"));
    expect(onDisk).not.toContain("segment_000.ts");
    expect((await api.events(job_id)).at(-1)).toMatchObject({ status: "completed" });
    expect(watching.broken()).toEqual([]);
    expect((await open().all(path)).missing).toEqual([]);
  },
);

test.each(["atomic", "progressive"] as const)(
  "published %s, a master playlist says in the end what its media need",
  async (publish) => {
    const { api } = await service();
    const path = `films/measured-${publish}/`;
    const order = { input_url: sources.url("long.mp4"), preset: "hls_tiny", output: { path, publish } };
    const { job_id } = (await api.post(order)).body;
    expect((await api.events(job_id)).at(-1)).toMatchObject({ status: "completed" });
    const folder = join(home, "out", path);
    const files = (await readdir(folder)).map(async (name) => {
      const file = Bun.file(join(folder, name));
      return { name, bytes: file.size, ...(name.endsWith(".m3u8") && { text: await file.text() }) };
    });
    judgePlaylists({ entries: ["master.m3u8"] }, await Promise.all(files));
    checkRules(["master.m3u8"], await Promise.all(files));
  },
);

test("a destination that holds an output is refused, or given a new generation that readers of the old never meet", async () => {
  const { api } = await service();
  const order = {
    input_url: sources.url("short.mp4"),
    preset: "hls_tiny",
    output: { storage: "s3", path: "films/twice/" },
  };
  await api.events((await api.post(order)).body["job_id"]);
  const before = await s3Reader(s3).all("films/twice/");

  const refused = await api.post(order, { prefer: "wait" });
  expect(refused).toMatchObject({ status: 409, body: { kind: "conflict" } });
  expect((await s3Reader(s3).all("films/twice/")).keys).toEqual(before.keys);

  const over = { ...order, output: { ...order.output, overwrite: true } };
  const { job_id } = (await api.post(over)).body;
  expect((await api.events(job_id)).at(-1)).toMatchObject({ status: "completed" });
  const after = await s3Reader(s3).all("films/twice/");
  expect(after.missing).toEqual([]);
  expect(after.keys).toEqual(expect.arrayContaining(before.keys));
  expect(after.text("films/twice/master.m3u8")).toContain(`${String(job_id).slice(-6)}-1/`);
});

test("the master playlist beside a single rendition never names what is missing, or media of two generations", async () => {
  const { api } = await service();
  const path = "films/single/";
  const order = { input_url: sources.url("two.mp4"), preset: "hls_one", output: { path, overwrite: true } };
  const reader = folderReader(join(home, "out"));
  await using watching = watchPlaylists(reader, path);
  const generations = [""];
  for (const publish of ["atomic", "atomic", "progressive"]) {
    const { job_id } = (await api.post({ ...order, output: { ...order.output, publish } })).body;
    const last = (await api.events(job_id)).at(-1);
    expect(last).toMatchObject({ status: "completed" });
    expect(last?.output_url).toEndWith("films/single/playlist.m3u8");
    generations.push(`${String(job_id).slice(-6)}-1/`);
  }
  await watching[Symbol.asyncDispose]();
  expect(watching.broken()).toEqual([]);
  const { missing, text, keys } = await reader.all(path);
  expect(missing).toEqual([]);
  const folders = [...watching.seen(), text(`${path}master.m3u8`)]
    .filter((playlist) => playlist.includes("#EXT-X-STREAM-INF"))
    .map((playlist) => [...new Set(namedIn(playlist).map((uri) => uri.replace(/[^/]*$/, "")))]);
  expect(folders.filter((some) => some.length !== 1 || !generations.includes(some[0] ?? "?"))).toEqual([]);
  expect(folders.at(-1)).toEqual([generations[3] ?? ""]);
  expect(keys.filter((key) => key.startsWith(`${path}${generations[3]}stream_audio`)).length).toBe(2);
});
