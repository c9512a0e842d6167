import { expect, test } from "bun:test";
import { join } from "node:path";
import { createFile, type Movie, MP4BoxBuffer } from "mp4box";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { flashClip } from "#tests/support/flashes.ts";
import { pictureOf } from "#tests/support/picture-of.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import { makeDir, makeOutput } from "./work.ts";

test.each(
  segmentedShapes.filter(({ output_type }) => output_type !== "hls").map((preset) => [preset.name, preset] as const),
)("the manifest of %s lasts as long as its last picture", async (_, preset) => {
  const { files, planned } = await makeOutput(await flashClip({ rate: "25", seconds: 3.96 }), preset);
  const manifest = files.find(({ name }) => name === "manifest.mpd")?.text ?? "";
  expect(Number(/mediaPresentationDuration="PT([\d.]+)S"/.exec(manifest)?.[1])).toBeCloseTo(3.96, 3);
  expect(Number(/maxSegmentDuration="PT([\d.]+)S"/.exec(manifest)?.[1])).toBeGreaterThanOrEqual(2);
  expect(planned.entries).toContain("manifest.mpd");
});

test("a manifest says what each track is for", async () => {
  const preset = segmentedShapes.find(({ output_type }) => output_type === "cmaf");
  if (!preset) throw new Error("no preset of CMAF");
  const { files } = await makeOutput(await withCommentary(), preset);
  const manifest = files.find(({ name }) => name === "manifest.mpd")?.text ?? "";
  const roles = [...manifest.matchAll(/<Role schemeIdUri="urn:mpeg:dash:role:2011" value="(\w+)"/g)];
  expect(roles.map(([, role]) => role)).toEqual(["main", "main", "alternate", "commentary"]);
});

async function withCommentary() {
  const file = join(await makeDir(), "tracks.mkv");
  const from = await clip({ seconds: 2, languages: ["eng", "ger", "fre"] });
  const marks = ["-disposition:a:0", "comment", "-disposition:a:1", "0", "-disposition:a:2", "default"];
  await runFfmpeg(["-i", from, "-map", "0", "-c", "copy", ...marks, file]);
  return file;
}

/** Parts of fragmented MP4 one after the other, as another hand reads them. */
async function readByMp4box(paths: readonly string[]) {
  const file = createFile();
  const { promise, resolve } = Promise.withResolvers<Movie>();
  file.onReady = resolve;
  const parts = await Promise.all(paths.map((path) => Bun.file(path).bytes()));
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(new Uint8Array(Buffer.concat(parts)).buffer, 0));
  return { file, movie: await promise };
}

const codecsIn = async (path: string) =>
  (await readByMp4box([path])).movie.tracks.map(({ codec }) => codec.toLowerCase());

test("CMAF is what its brands say", async () => {
  const preset = segmentedShapes.find(({ output_type }) => output_type === "cmaf");
  if (!preset) throw new Error("no preset of CMAF");
  const { dir } = await makeOutput(await clip({ seconds: 4 }), preset);
  for (const [track, brand] of ["cmf2", "cmf2", "cmfc"].entries()) {
    const { file, movie } = await readByMp4box(
      [`init_${track}.m4s`, `chunk_${track}_00001.m4s`, `chunk_${track}_00002.m4s`].map((name) => join(dir, name)),
    );
    expect(movie.brands).toEqual(["iso6", "iso6", brand]);
    expect(file.getBoxes("styp", false).map((styp) => styp["compatible_brands"])).toEqual(
      Array(2).fill(["msdh", "cmfs"]),
    );
    expect(file.getBoxes("sidx", false)).toEqual([]);
    expect(movie.tracks.length).toBe(1);
    for (const moof of file.moofs) {
      expect(moof.trafs.map(({ truns }) => truns.length)).toEqual([1]);
      // Defaults stand in each fragment, and offsets may be negative.
      expect((moof.trafs[0]?.tfhd.flags ?? 0) & 0x02_00_08).toBe(0x02_00_08);
      expect(moof.trafs[0]?.truns[0]?.version).toBe(1);
    }
    if (brand === "cmfc") continue;
    expect(file.moov.traks[0]?.edts).toBeUndefined();
    const offsets = file.moofs.flatMap(({ trafs }) => trafs[0]?.truns[0]?.sample_composition_time_offset ?? []);
    expect({ first: offsets[0], isNegative: Math.min(...offsets) < 0 }).toEqual({ first: 0, isNegative: true });
    expect(file.getBoxes("colr", false).length).toBe(1);
    expect(file.getBoxes("pasp", false).length).toBe(1);
  }
});

test.each([
  ["hls_fmp4", "h264"],
  ["hls_fmp4", "h265"],
  ["cmaf", "h265"],
  ["dash", "av1"],
] as const)("%s says of %s what is in its init segments", async (name, codec) => {
  const preset = segmentedShapes.find((shape) => shape.name === name);
  if (!preset) throw new Error(`no preset ${name}`);
  const [best] = preset.video.renditions;
  // Encoders of AV1 take no picture of less than 64 pixels.
  const video = { ...preset.video, codec, renditions: [best, { ...best, size: 72 }] } satisfies typeof preset.video;
  const { dir, files, planned } = await makeOutput(await clip({ seconds: 2 }), { ...preset, video });
  const inits = files.map((file) => file.name).filter((file) => file.startsWith("init_"));
  const found = (await Promise.all(inits.map((file) => codecsIn(join(dir, file))))).flat();
  expect(found.length).toBe(3);
  for (const entry of planned.entries) {
    const text = files.find((file) => file.name === entry)?.text ?? "";
    const said = [...text.matchAll(/codecs="([^"]*)"/gi)].flatMap(([, codecs = ""]) => codecs.toLowerCase().split(","));
    // What ffmpeg says of AV1 goes on with its colour.
    expect(new Set(said.map((one) => found.find((codec) => one.startsWith(codec)) ?? one))).toEqual(new Set(found));
  }
});

test("a rung of AV1 that is smaller than its encoder takes has bars, and the shape of the others", async () => {
  const preset = segmentedShapes.find((shape) => shape.name === "dash");
  if (!preset) throw new Error("no preset dash");
  const [best] = preset.video.renditions;
  const renditions = [best, { ...best, size: 48 }] satisfies typeof preset.video.renditions;
  const source = await clip({ size: "160x90", seconds: 1, channels: 0 });
  const { dir, facts } = await makeOutput(source, { ...preset, video: { ...preset.video, codec: "av1", renditions } });
  const sizes = facts.renditions.map(({ width, height }) => `${width}x${height}`);
  expect(sizes).toEqual(["160x90", "114x64"]);
  const bytes = await Promise.all(["init_1.m4s", "chunk_1_00001.m4s"].map((name) => Bun.file(join(dir, name)).bytes()));
  await Bun.write(join(dir, "small.mp4"), Buffer.concat(bytes));
  const picture = await pictureOf(join(dir, "small.mp4"));
  // The picture itself is 84x48, in the middle.
  const isBlack = (x: number, y: number) => Math.max(...picture.at(x / 114, y / 64)) < 30;
  expect([isBlack(57, 3), isBlack(57, 60), isBlack(6, 32), isBlack(108, 32)]).toEqual([true, true, true, true]);
  expect([isBlack(19, 14), isBlack(94, 50)]).toEqual([false, false]);
});
