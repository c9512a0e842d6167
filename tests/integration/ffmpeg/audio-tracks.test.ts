import { expect, test } from "bun:test";
import { join } from "node:path";
import { quick } from "#tests/matrix/quick.ts";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { masterOf } from "#tests/support/playlists.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { makeDir, makeOutput, tiny } from "./work.ts";

/** A clip whose tracks sound at 440, 880 and 1320 Hz: a commentary, another, and the default. */
async function threeTracks(marks: readonly string[]) {
  const file = join(await makeDir(), "tracks.mkv");
  const from = await clip({ seconds: 2, languages: ["eng", "ger", "fre"] });
  await runFfmpeg(["-i", from, "-map", "0", "-c", "copy", ...marks, file]);
  return file;
}

const marked = ["-disposition:a:0", "default+comment", "-disposition:a:1", "0", "-disposition:a:2", "default"];
const unmarked = ["-disposition:a", "0"];

/** The pitch in Hz of what is heard, from how often it rises through zero. */
async function pitchOf(file: string): Promise<number> {
  const decode = ["-ss", "0.5", "-t", "1", "-map", "0:a:0", "-ac", "1", "-ar", "48000", "-f", "s16le", "-"];
  const ffmpeg = Bun.spawn(["ffmpeg", "-v", "error", "-i", file, ...decode], { stdio: ["ignore", "pipe", "inherit"] });
  const samples = new Int16Array(await new Response(ffmpeg.stdout).arrayBuffer());
  const rises = samples.filter((sample, at) => sample >= 0 && (samples[at - 1] ?? 0) < 0).length;
  return (rises * 48_000) / samples.length;
}

test.each([
  ["the default track", marked, 1_320],
  ["the first track, if none is the default,", unmarked, 440],
])("%s is the sound of a single file", async (_, marks, pitch) => {
  const { dir } = await makeOutput(await threeTracks(marks), tiny);
  expect(Math.abs((await pitchOf(join(dir, "output.mp4"))) - pitch)).toBeLessThan(10);
});

test("the default track is the default of a ladder, and the commentary comes last", async () => {
  const preset = quick(presetNamed(await loadPresets(), "hls_720p_abr"));
  const { dir, files } = await makeOutput(await threeTracks(marked), preset);
  const master = files.find(({ name }) => name === "master.m3u8")?.text ?? "";
  const tracks = masterOf(master).variants[0]?.audio ?? [];
  expect(tracks.map(({ name, isDefault, autoselect }) => [name, isDefault, autoselect])).toEqual([
    ["French", true, true],
    ["German", false, true],
    ["English (commentary)", false, false],
  ]);
  const pitches = await Promise.all(tracks.map(({ uri = "" }) => pitchOf(join(dir, uri))));
  expect(pitches.map((pitch) => Math.round(pitch / 440))).toEqual([3, 2, 1]);
});
