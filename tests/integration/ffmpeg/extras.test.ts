import { expect, test } from "bun:test";
import { join } from "node:path";
import { quick } from "#tests/matrix/quick.ts";
import { clip } from "#tests/support/clips.ts";
import { loudnessOf } from "#tests/support/loudness.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { makeOutput } from "./work.ts";

const presets = await loadPresets();
const shipped = (name: string) => presetNamed(presets, name);

async function said(argv: readonly string[]) {
  const ffmpeg = Bun.spawn(["ffmpeg", "-hide_banner", "-nostdin", ...argv], { stderr: "pipe" });
  return await ffmpeg.stderr.text();
}

const brightness = async (file: string) => {
  const report = await said(["-i", file, "-vf", "signalstats,metadata=print", "-f", "null", "-"]);
  return Number(/YAVG=([\d.]+)/.exec(report)?.[1]);
};

test.each([
  ["begins black", { seconds: 4, blackSeconds: 2 }],
  ["is bright from the start", { seconds: 2 }],
])("a poster of a video that %s is not black", async (_, options) => {
  const { dir } = await makeOutput(await clip(options), quick(shipped("poster")));
  expect(await brightness(join(dir, "output.jpg"))).toBeGreaterThan(60);
});

test("a video that is all black has a poster nevertheless", async () => {
  const { dir } = await makeOutput(await clip({ seconds: 1, blackSeconds: 1 }), quick(shipped("720p_h264_poster")));
  expect(await brightness(join(dir, "output.poster.jpg"))).toBeLessThan(30);
});

test("sound comes out at the loudness that the preset names", async () => {
  const { dir } = await makeOutput(
    await clip({ seconds: 5, size: "none", container: "m4a" }),
    shipped("audio_aac_normalised"),
  );
  expect(Math.abs((await loudnessOf(join(dir, "output.m4a"))) + 16)).toBeLessThan(0.5);
});

test("every cue of the thumbnails lies within its sheet", async () => {
  const { dir, files } = await makeOutput(await clip({ seconds: 5 }), quick(shipped("thumbnails")));
  const cues = files.find(({ name }) => name === "output.vtt")?.text?.match(/my%20clip_\d\d\.jpg#xywh=.*/g) ?? [];
  expect<string[]>(cues).toEqual([
    ...["my%20clip_01.jpg#xywh=0,0,64,36", "my%20clip_01.jpg#xywh=64,0,64,36"],
    ...["my%20clip_02.jpg#xywh=0,0,64,36", "my%20clip_02.jpg#xywh=64,0,64,36"],
    "my%20clip_03.jpg#xywh=0,0,64,36",
  ]);
  expect(await said(["-i", join(dir, "output_01.jpg")])).toContain("128x36");
  expect(files.map(({ name }) => name)).toContain("output_03.jpg");
});

test.each([6, 61])("a preview of %i s moves, without sound, for as long as its preset says", async (seconds) => {
  const preset = quick(shipped("preview"));
  if (!("preview" in preset && preset.preview)) throw new Error("no preview");
  const asMp4 = { ...preset, extension: "mp4", preview: { ...preset.preview, format: "mp4" as const } };
  const { files } = await makeOutput(await clip({ seconds, size: "64x36", channels: 0 }), asMp4);
  expect(files[0]?.probe).toMatchObject({ durationSeconds: 1, audio: [], video: { frames: 10 } });
});
