import { afterAll, beforeAll, expect, test } from "bun:test";
import { copyFile, mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { fluxIn, jsonLines } from "#tests/support/flux.ts";
import { childrenOf, freePort, isAlive, startControlplane, startWorker } from "#tests/support/processes.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let home: string;
let source: string;
let flux: ReturnType<typeof fluxIn>;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  flux = fluxIn(home);
  source = await clip({ seconds: 1 });
});
afterAll(() => stack.disposeAsync());

/** A folder of copies of a clip. */
async function folderOf(name: string, files: readonly string[], from = source) {
  for (const file of files) {
    const path = join(home, name, file);
    await mkdir(join(path, ".."), { recursive: true });
    await copyFile(from, path);
  }
}

test("a folder is encoded into a folder; what is no media is named, what is there already is skipped, and said so", async () => {
  await folderOf("clips", ["a.mp4", "b c.mkv", ".hidden.mp4", "sub/d.mov"]);
  await Bun.write(join(home, "clips/notes.txt"), "no video");
  const args = ["encode", "clips", "--preset", "tiny", "--output", "done"];
  const first = await flux(args).ended;
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).toContain("Left alone, by their names no media: clips/notes.txt\n");
  expect(first.out).toEndWith("\n2 completed\n");
  expect(await filesIn(join(home, "done"))).toEqual(["a_tiny.mp4", "b c_tiny.mp4"]);

  const again = await flux([...args, "--recursive"]).ended;
  expect(again.code).toBe(0);
  expect(again.out).toMatch(/^– clips\/a\.mp4 {2}skipped: \/.*\/done\/a_tiny\.mp4 is there already; --overwrite/m);
  expect(again.out).toEndWith("\n1 completed, 2 skipped\n");
  expect(await filesIn(join(home, "done"))).toEqual(["a_tiny.mp4", "b c_tiny.mp4", "sub/d_tiny.mp4"]);

  const anew = await flux([...args, "--overwrite"]).ended;
  expect(anew.out).toEndWith("\n2 completed\n");
});

test("one that fails does not keep the others from being encoded, and the exit code tells", async () => {
  await folderOf("mixed", ["a.mp4"], await clip({ seconds: 3 }));
  await Bun.write(join(home, "mixed/bad.mp4"), "not a video");
  const args = ["encode", "mixed", "-p", "hls_tiny", "-o", "mixed-out", "--json"];
  const { code, out, err } = await flux(args, { SPLIT_SECONDS: "2" }).ended;
  expect(code).toBe(1);
  const lines = jsonLines(out);
  expect(lines.at(-1)).toEqual({ completed: 1, skipped: 0, failed: 1, cancelled: 0, not_begun: 0 });
  const ends = lines.filter(({ status }) => status === "completed" || status === "failed");
  expect(ends.map(({ input, status }) => `${input} ${status}`).sort()).toEqual([
    "mixed/a.mp4 completed",
    "mixed/bad.mp4 failed",
  ]);
  expect(ends.find(({ status }) => status === "completed")).toMatchObject({ pieces: { done: 2, total: 2 } });
  expect(jsonLines(err)).toEqual([{ kind: "encode_failed", message: "1 of 2 failed" }]);
});

test("an output is checked as VERIFY says, as by a worker", async () => {
  const { code, err } = await flux(["encode", source, "-p", "tiny"], { VERIFY: "nothing" }).ended;
  expect([code, err]).toEqual([78, expect.stringContaining("VERIFY: write plan, cheap or full")]);
});

test("two outputs of one name are refused before anything starts", async () => {
  await folderOf("alike", ["a.mp4", "a.mov", "b.mp4"]);
  const { code, err, out } = await flux(["encode", "alike", "-p", "tiny", "-o", "alike-out"]).ended;
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toBe("flux: alike/a.mov and alike/a.mp4 would both be a_tiny.mp4: rename one, or encode them apart\n");
  expect(await filesIn(join(home, "alike-out"))).toEqual([]);
});

test("a source is not replaced by an output, under no name", async () => {
  await folderOf("own", ["a.mp4"]);
  await symlink("a.mp4", join(home, "own/b.mp4"));
  for (const name of ["a.mp4", "b.mp4"])
    expect(await flux(["encode", "own/a.mp4", "-p", "tiny", "-o", "own", "--path", name, "--overwrite"]).ended).toEqual(
      {
        code: 2,
        out: "",
        err: `flux: own/${name} is a source, and would be replaced: choose another --path or --output\n`,
      },
    );
});

test("linked files are encoded, linked folders are not looked into: they may lead back", async () => {
  await folderOf("linked", ["sub/a.mp4"]);
  await symlink("sub/a.mp4", join(home, "linked/b.mp4"));
  await symlink(".", join(home, "linked/loop"));
  const { code } = await flux(["encode", "linked", "-p", "tiny", "-o", "linked-out", "--recursive"]).ended;
  await rm(join(home, "linked/loop"));
  expect(code).toBe(0);
  expect(await filesIn(join(home, "linked-out"))).toEqual(["b_tiny.mp4", "sub/a_tiny.mp4"]);
});

test("segments without a playlist, as a killed command leaves them, are encoded anew; what is whole is skipped", async () => {
  await Bun.write(join(home, "cut/a_hls_720p/segment_000.ts"), "half");
  await folderOf("whole", ["a.mp4"]);
  const again = () => flux(["encode", "whole/a.mp4", "-p", "hls_720p", "-o", "cut"]).ended;
  expect((await again()).out).toContain("100.0%");
  expect(await filesIn(join(home, "cut"))).toContain("a_hls_720p/playlist.m3u8");
  expect((await again()).out).toStartWith("skipped: ");
});

test("as many run at a time as the worker has slots; Ctrl-C cancels all and begins nothing more", async () => {
  await folderOf("long", ["a.mp4", "b.mp4", "c.mp4"], await clip({ seconds: 20 }));
  const { child, ended } = flux(["encode", "long", "-p", "slow", "-o", "long-out", "--json"], {
    MAX_CONCURRENT_JOBS: "2",
    JOB_MEMORY: "0B",
  });
  let children: number[] = [];
  await eventually(async () => {
    children = await childrenOf(child.pid);
    return (await filesIn(home)).filter((file) => file.endsWith("output/output.mp4")).length === 2;
  }, "two jobs encode");
  child.kill("SIGINT");
  const { code, out } = await ended;
  expect(code).toBe(130);
  expect(jsonLines(out).filter(({ status }) => status === "failed")).toEqual([]);
  expect(jsonLines(out).at(-1)).toEqual({ completed: 0, skipped: 0, failed: 0, cancelled: 2, not_begun: 1 });
  expect((await Promise.all(children.map(isAlive))).some(Boolean)).toBe(false);
  expect(await filesIn(join(home, "long-out"))).toEqual([]);
});

test("a service's slots are used, and more inputs than slots wait for them", async () => {
  const port = await freePort();
  await using _worker = await startWorker({ port, home, MAX_CONCURRENT_JOBS: "1" });
  await using controlplane = await startControlplane([port]);
  await using sources = serveFiles({ "a.mp4": source, "b.mp4": source, "c.mp4": source });
  const inputs = ["a.mp4", "b.mp4", "c.mp4"].map((name) => sources.url(name));
  const { code, out, err } = await flux(["encode", ...inputs, "-p", "tiny"], { FLUX_SERVER: controlplane.url }).ended;
  expect(code, `${out}${err}`).toBe(0);
  expect(out).toEndWith("\n3 completed\n");
});

test("objects of the buckets in S3_INPUT_BUCKETS are encoded here, and no others", async () => {
  await using store = await startS3Server();
  const Body = Buffer.from(await Bun.file(source).arrayBuffer());
  await store.raw.putObject({ Bucket: "media", Key: "in/a clip.mp4", Body });
  const args = ["encode", "s3://media/in/a%20clip.mp4", "-p", "tiny", "-o", "s3-out"];
  const made = await flux(args, { ...store.env, S3_INPUT_BUCKETS: "media" }).ended;
  expect(made).toMatchObject({ code: 0, err: "" });
  expect(await filesIn(join(home, "s3-out"))).toEqual(["a clip_tiny.mp4"]);

  const unset = await flux(args, store.env).ended;
  expect(unset).toMatchObject({
    code: 2,
    err: "flux: set S3_INPUT_BUCKETS=media to encode s3://media/in/a%20clip.mp4\n",
  });
  const other = await flux([...args, "--overwrite"], { ...store.env, S3_INPUT_BUCKETS: "films" }).ended;
  expect(other.err).toContain("is in a bucket that S3_INPUT_BUCKETS does not allow");
});
