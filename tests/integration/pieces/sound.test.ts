import { expect, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { makeFolder } from "#tests/support/made-folders.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { run, type Spawn } from "#worker/ffmpeg/run.ts";
import { encodeSound } from "#worker/pieces/encode-sound.ts";
import { openPieces } from "#worker/pieces/stored-pieces.ts";
import { plan } from "#worker/plan/decide.ts";
import type { Preset } from "#worker/presets/schema.ts";

const ffmpeg = await probeCapabilities().capabilities;
const { signal } = new AbortController();
const input = await clip({ seconds: 3, size: "160x90", rate: 24 });
const source = await examine(input, { signal });
const renditions: [{ size: number; crf: number; maxrate: string; bufsize: string }] = [
  { size: 90, crf: 40, maxrate: "200k", bufsize: "400k" },
];
const described = { name: "small", description: "For tests" };
const film = (kind: "mp4" | "webm"): Preset => ({
  ...{ ...described, output_type: "single", extension: kind },
  video: { codec: kind === "mp4" ? "h264" : "vp9", speed: "ultrafast", gop_seconds: 1, renditions },
  audio: { codec: kind === "mp4" ? "aac" : "opus", bitrate: "48k", channels: 2 },
});
const planned = (preset: Preset, probe = source) =>
  plan(preset, probe, { input, outputDir: "/", stem: "film" }, ffmpeg).sound;

test("the sounds of a film are encoded once, and again where they are not what was kept", async () => {
  const sound = planned(film("mp4"));
  if (!sound) throw new Error("it has no sound");
  const folder = join(await makeFolder("flux-sound-"), "pieces");
  await mkdir(folder);
  let begun = 0;
  const spawn: Spawn = (command) => {
    begun += 1;
    return run(command);
  };
  const encode = async () =>
    encodeSound(sound, { stored: await openPieces(folder, "key", signal), signal, stallMs: 60_000, spawn });
  const made = await encode();
  expect(made?.written).toMatchObject([{ output: 0, kind: "audio" }]);
  expect((made?.written[0]?.samples ?? 0) / 48_000).toBeCloseTo(3, 1);
  expect(made?.read.get(source.audio[0]?.index ?? -1)?.frames).toBeGreaterThan(100);
  expect(await encode()).toEqual(made);
  expect(begun).toBe(1);
  await writeFile(made?.path ?? "", "something else");
  expect(await encode()).toEqual(made);
  expect(begun).toBe(2);

  const damaged = { ...sound, args: sound.args.map((arg) => (arg === input ? folder : arg)) };
  const options = { stored: await openPieces(folder, "another key", signal), signal, stallMs: 60_000 };
  expect(await encodeSound(damaged, options)).toBeUndefined();
});

test("sounds that would not be the same are encoded with the output", () => {
  expect(planned(film("mp4"))?.heard).toEqual([{ sound: 0, output: 0 }]);
  expect(planned(film("webm"))).toBeUndefined();
  const commentary = source.audio.map((track) => ({
    ...{ ...track, disposition: { ...track.disposition, isComment: true } },
  }));
  expect(planned(film("mp4"), { ...source, audio: commentary })).toBeUndefined();
});
