import { expect, test } from "bun:test";
import { join } from "node:path";
import { keptPath, runFfmpeg } from "#tests/support/clips.ts";
import { flashClip } from "#tests/support/flashes.ts";
import { loudnessIn, loudnessOf } from "#tests/support/loudness.ts";
import { masterOf } from "#tests/support/playlists.ts";
import { unlikePart } from "#tests/support/unlike-parts.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import { makeJoined, makeOutput, tiny } from "./work.ts";

const loudness = -14;

/**
 * Four seconds of flashes and four tracks: noise beside the flashes, whose peaks leave no room for what it lacks, a quiet
 * hum in mono, silence, and a loud hum in 5.1.
 */
async function film(): Promise<string> {
  const flashes = await flashClip({ rate: "25", seconds: 4 });
  const hum = (amplitude: number, pitch: number) => `${amplitude}*sin(2*PI*${pitch}*t)`;
  const tracks = [
    "aevalsrc='(0.1+0.2*lt(mod(t,1),0.1)+0.6*lt(mod(t,1),0.01))*(2*random(0)-1)':s=48000:d=4,lowpass=f=4000",
    `aevalsrc='${hum(0.01, 440)}':s=44100:d=4`,
    "anullsrc=d=4",
    `aevalsrc='${Array.from({ length: 6 }, (_, at) => hum(0.4, 200 + 40 * at)).join("|")}':c=5.1(side):s=48000:d=4`,
  ];
  const args = [
    ...["-i", flashes, ...tracks.flatMap((track) => ["-f", "lavfi", "-i", track])],
    ...["-map", "0:v", "-c:v", "copy", ...tracks.flatMap((_, at) => ["-map", `${at + 1}:a`]), "-c:a", "flac"],
  ];
  const path = await keptPath(args, "mkv");
  if (!(await Bun.file(path).exists())) await runFfmpeg([...args, path]);
  return path;
}

const optionsFor = (entry: string) => [...(entry.endsWith(".m3u8") ? ["-allowed_extensions", "ALL"] : []), "-i", entry];

const rate = 16_000;

/** The first sound, one sample after the other. */
async function samplesOf(entry: string, from = 0): Promise<Float32Array> {
  const cut = `aresample=${rate}:first_pts=0,atrim=start=${from},asetpts=PTS-STARTPTS`;
  const argv = [...optionsFor(entry), "-map", "0:a:0", "-af", cut, "-ac", "1", "-f", "f32le", "-"];
  const ffmpeg = Bun.spawn(["ffmpeg", "-v", "error", "-nostdin", ...argv], { stdio: ["ignore", "pipe", "inherit"] });
  return new Float32Array(await new Response(ffmpeg.stdout).arrayBuffer());
}

/** By how many seconds a sound is late against another one, up to 20 ms. */
function lateness(sound: Float32Array, reference: Float32Array): number {
  const most = rate / 50;
  const alike = (late: number) => reference.reduce((sum, sample, at) => sum + sample * (sound[at + late] ?? 0), 0);
  const tried = Array.from({ length: 2 * most + 1 }, (_, at) => at - most).map((late) => [alike(late), late] as const);
  return tried.reduce((best, one) => (one[0] > best[0] ? one : best))[1] / rate;
}

const ladder: SegmentedPreset = {
  ...{ name: "ladder", description: "For tests", output_type: "hls", extension: "" },
  video: {
    ...tiny.video,
    renditions: [tiny.video.renditions[0], { size: 36, crf: 40, maxrate: "100k", bufsize: "200k" }],
  },
  audio: { codec: "aac", bitrate: "96k", channels: 2, loudness },
  segments: { seconds: 2, format: "fmp4" },
};

test("each sound of a ladder comes to the loudness of its preset, in step with the picture", async () => {
  const { dir, planned, report } = await makeOutput(await film(), ladder);
  expect(planned.analysis?.args.filter((arg) => arg === "-i")).toHaveLength(1);
  const master = await Bun.file(join(dir, "master.m3u8")).text();
  const sounds = (masterOf(master).variants[0]?.audio ?? []).map(({ uri = "" }) => join(dir, uri));
  const [noise, hum, silence, surround] = await Promise.all(sounds.map(loudnessIn));
  for (const sound of [noise, hum, surround]) {
    expect(Math.abs((sound?.integrated ?? 0) - loudness)).toBeLessThan(0.5);
    expect(sound?.peak).toBeLessThan(-1);
  }
  expect(silence?.integrated).toBe(-70);
  expect(report.warnings).toEqual(["sound 3 is silent, or as good as that: it stays as loud as it is"]);
  const args = [...(report.args ?? []), ...(report.soundArgs ?? [])];
  expect(args.filter((arg) => arg.includes("alimiter"))).toHaveLength(1);
  const late = lateness(await samplesOf(sounds[0] ?? ""), await samplesOf(await film()));
  expect(Math.abs(late)).toBeLessThan(0.001);
});

test("so does the sound of a part of a film in one file", async () => {
  const preset = { ...tiny, audio: { ...tiny.audio, bitrate: "96k", loudness } };
  const { dir, report } = await makeOutput(await film(), preset, { start: 0.6, end: 3.6 });
  const file = join(dir, "output.mp4");
  const { integrated, peak } = await loudnessIn(file);
  expect(Math.abs(integrated - loudness)).toBeLessThan(0.5);
  expect(peak).toBeLessThan(-1);
  expect(report.warnings).toEqual([]);
  const late = lateness(await samplesOf(file), await samplesOf(await film(), 0.6));
  expect(Math.abs(late)).toBeLessThan(0.001);
});

test("so does the sound of sources that are joined", async () => {
  const preset = { ...tiny, audio: { ...tiny.audio, bitrate: "96k", loudness: -23 } };
  const { dir } = await makeJoined([{ input: await film() }, { input: await unlikePart("no sound") }], preset);
  expect(Math.abs((await loudnessOf(join(dir, "output.mp4"))) + 23)).toBeLessThan(0.5);
});
