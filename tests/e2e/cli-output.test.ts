import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { fluxIn } from "#tests/support/flux.ts";
import { ffprobe, filesIn, temporaryFolder } from "#tests/support/service.ts";

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

const encode = (output: string, ...more: string[]) =>
  flux(["encode", source, "-p", "tiny", "-o", output, ...more]).ended;

test("--output with the preset's extension is the one file, and keeps what is there unless told otherwise", async () => {
  expect(await encode("new/film.mp4")).toMatchObject({ code: 0, err: "" });
  expect(await filesIn(join(home, "new"))).toEqual(["film.mp4"]);
  expect(Math.abs((await ffprobe(join(home, "new/film.mp4"))).duration - 1)).toBeLessThan(0.3);

  await Bun.write(join(home, "new/film.mp4"), "mine");
  expect((await encode("new/film.mp4")).out).toStartWith("skipped: ");
  expect(await readFile(join(home, "new/film.mp4"), "utf8")).toBe("mine");
  expect((await encode("new/film.mp4", "--overwrite")).code).toBe(0);
  expect((await ffprobe(join(home, "new/film.mp4"))).duration).toBeGreaterThan(0.5);
});

test("a name without an output's extension, and a folder that is there, are folders", async () => {
  await mkdir(join(home, "folder.mp4"));
  for (const folder of ["v1.0", "folder.mp4", "ended.mp4/"]) {
    expect((await encode(folder)).code).toBe(0);
    const [file = "", ...others] = await filesIn(join(home, folder.replace("/", "")));
    expect(file).toEndWith("_tiny.mp4");
    expect(others).toEqual([]);
  }
});

test.each([
  ["another extension", ["wrong/foo.mkv"], "--output wrong/foo.mkv: preset tiny makes .mp4; write wrong/foo.mp4"],
  ["another extension of --path", ["wrong", "--path", "a/foo.webm"], "preset tiny makes .mp4; write a/foo.mp4"],
  ["a file for many files", ["wrong/foo.mp4", "-p", "hls_720p"], "preset hls_720p makes many files; name a folder"],
  ["a file that is there", ["notes"], "--output notes is a file; name a folder"],
])("%s is refused, and says what to write", async (_, [output = "", ...more], words) => {
  await Bun.write(join(home, "notes"), "notes");
  const { code, err } = await encode(output, ...more);
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(words) });
  expect(await filesIn(join(home, "wrong"))).toEqual([]);
  expect(await readFile(join(home, "notes"), "utf8")).toBe("notes");
});

test("one file for two inputs is refused", async () => {
  const { code, err } = await flux(["encode", source, source, "-p", "tiny", "-o", "both.mp4"]).ended;
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining("--output names one output") });
});

test("an output that cannot be written is told by path and reason before anything runs, and nothing is left", async () => {
  await Bun.write(join(home, "blocked"), "a file");
  const before = await filesIn(home);
  for (const output of ["blocked/out", "blocked/out/film.mp4", "/proc/none/film.mp4"]) {
    const { code, out, err } = await encode(output);
    const path = output.endsWith(".mp4") ? output : `${output}/`;
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(path);
    expect(err).toMatch(/cannot be written: .*\((ENOTDIR|EEXIST|ENOENT): /);
  }
  expect(await filesIn(home)).toEqual(before);
});
