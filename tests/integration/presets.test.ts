import { afterEach, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rejection } from "#tests/support/outcome.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const dirs: string[] = [];
afterEach(async () => {
  await Promise.all(dirs.splice(0).map((dir) => rm(dir, { recursive: true })));
});

async function folder(files: Record<string, string>) {
  const dir = await mkdtemp(join(tmpdir(), "flux-presets-"));
  dirs.push(dir);
  await Promise.all(Object.entries(files).map(([name, text]) => Bun.write(join(dir, name), text)));
  return dir;
}

const raw = (name: string, description = "Mine") =>
  `name: ${name}\ndescription: ${description}\nextension: mp4\nffmpeg_args: ["-an"]\n`;

test("ships every file of the presets folder", async () => {
  const shipped = await loadPresets();
  const files = await readdir(join(import.meta.dir, "../../presets"));
  expect([...shipped.keys()].map((name) => `${name}.yaml`).sort()).toEqual(files.sort());
});

test("a user's preset replaces a shipped one and joins the others", async () => {
  const presets = await loadPresets(await folder({ "a.yaml": raw("720p_h264"), "b.yml": raw("mine"), "c.txt": "no" }));
  expect(presetNamed(presets, "720p_h264").description).toBe("Mine");
  expect(presets.size).toBe((await loadPresets()).size + 1);
});

test("one fault names every broken file", async () => {
  const dir = await folder({
    "a.yaml": "name: [",
    "b.yaml": raw("Bad"),
    "c.yaml": raw("twice"),
    "d.yaml": raw("twice"),
  });
  expect(await rejection(loadPresets(dir))).toMatchObject({
    kind: "invalid",
    message: expect.stringMatching(/^a\.yaml:\d.*\nb\.yaml:1: name.*\nd\.yaml: preset twice is in c\.yaml already$/),
  });
});

test("a folder that is not there is a fault", async () => {
  expect(await rejection(loadPresets("/does/not/exist"))).toMatchObject({ kind: "invalid" });
});

test("an unknown name is a fault that says which there are", async () => {
  const presets = await loadPresets();
  expect(() => presetNamed(presets, "nope")).toThrow(/there is no preset "nope".*720p_h264/);
});
