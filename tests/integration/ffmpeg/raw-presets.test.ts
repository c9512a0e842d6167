import { expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { rejection } from "#tests/support/outcome.ts";
import { masterOf } from "#tests/support/playlists.ts";
import { parsePresets } from "#worker/presets/parse.ts";
import { makeOutput } from "./work.ts";

const file = Bun.file(join(import.meta.dir, "../../support/raw-presets.yaml"));
const { presets, problems } = parsePresets(await file.text(), "raw-presets.yaml");
const small = { seconds: 3, size: "160x90" };

function preset(name: string) {
  const found = presets.find((one) => one.name === name);
  if (!found) throw new Error([`no preset ${name}`, ...problems].join("\n"));
  return found;
}

/** Every stream of an output as a decoder has it: its kind and height, where it begins, how many frames it has. */
async function decoded(path: string) {
  const shown = "stream=index,codec_type,height,nb_read_frames,start_time,sample_rate";
  const args = ["-v", "error", "-count_frames", "-show_entries", shown, "-print_format", "json", path];
  const probe = Bun.spawn(["ffprobe", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [out, said] = await Promise.all([probe.stdout.text(), probe.stderr.text()]);
  expect(said).toBe("");
  const { streams }: { streams: Record<string, string>[] } = JSON.parse(out);
  return streams.map((stream) => ({
    kind: stream["codec_type"],
    height: Number(stream["height"] ?? 0),
    frames: Number(stream["nb_read_frames"]),
    start: Number(stream["start_time"]),
  }));
}

const pictures = { kind: "video", frames: 72 };

/** Three seconds of AAC, to a frame or two of priming and padding. */
function expectSound(stream: Awaited<ReturnType<typeof decoded>>[number] | undefined) {
  expect(stream?.kind).toBe("audio");
  expect(stream?.frames).toBeWithin(140, 145);
}

test("the file of presets has nothing wrong with it", () => {
  expect(problems).toEqual([]);
  expect(presets.map(({ output_type, extension }) => [output_type, extension])).toEqual([
    ["single", "mp4"],
    ["hls", ""],
    ["hls", ""],
    ["dash", ""],
  ]);
});

test("one file", async () => {
  const { dir } = await makeOutput(await clip(small), preset("plain_720p"));
  const [video, audio] = await decoded(join(dir, "output.mp4"));
  expect(video).toMatchObject({ ...pictures, height: 720 });
  expectSound(audio);
});

test("segments of a relative name land beside their playlist, and are media as a glob names them", async () => {
  const { dir, files, planned } = await makeOutput(await clip(small), preset("hls_one_size"));
  const names = files.map(({ name }) => name);
  expect(names).toEqual(["index.m3u8", "part_000.ts", "part_001.ts", "part_002.ts"]);
  expect(names.filter(planned.isMedia)).toEqual(names.slice(1));
  const [video, audio] = await decoded(join(dir, "index.m3u8"));
  expect(video).toMatchObject({ ...pictures, height: 360 });
  expectSound(audio);
});

test.each([{ args: ["-hls_flags", "single_file"] }, { args: ["-hls_segment_size", "60000"] }])(
  "segments that share a file play by their ranges, and nothing of them is media before the end: $args",
  async ({ args }) => {
    const one = preset("hls_one_size");
    if (!("ffmpeg_args" in one)) throw new Error("not raw");
    const sharing = { ...one, ffmpeg_args: [...one.ffmpeg_args, ...args] };
    const { dir, files, planned } = await makeOutput(await clip(small), sharing);
    expect(files.filter(({ name }) => planned.isMedia(name))).toEqual([]);
    expect(await Bun.file(join(dir, "index.m3u8")).text()).toContain("#EXT-X-BYTERANGE");
    const [video, audio] = await decoded(join(dir, "index.m3u8"));
    expect(video).toMatchObject({ ...pictures, height: 360 });
    expectSound(audio);
  },
);

/** The variants of a master playlist, and the sound of each. */
const variantsOf = (master: string) =>
  masterOf(master).variants.map(({ uri, audio }) => ({ uri, sound: audio[0]?.uri }));

test("three sizes that share one sound play, each with it", async () => {
  const { dir, planned, files } = await makeOutput(await clip(small), preset("ladder_of_three"));
  expect(planned.entries).toEqual(["all.m3u8"]);
  const variants = variantsOf(await Bun.file(join(dir, "all.m3u8")).text());
  expect(variants).toEqual([
    { uri: "size_0.m3u8", sound: "size_audio.m3u8" },
    { uri: "size_1.m3u8", sound: "size_audio.m3u8" },
    { uri: "size_2.m3u8", sound: "size_audio.m3u8" },
  ]);
  const [audio, ...more] = await decoded(join(dir, "size_audio.m3u8"));
  expectSound(audio);
  expect(more).toEqual([]);
  for (const [at, height] of [720, 480, 360].entries()) {
    const [video, ...others] = await decoded(join(dir, `size_${at}.m3u8`));
    expect(video).toMatchObject({ ...pictures, height });
    expect(Math.abs((video?.start ?? 0) - (audio?.start ?? 9))).toBeLessThan(0.05);
    expect(others).toEqual([]);
  }
  const media = files.map(({ name }) => name).filter(planned.isMedia);
  expect(media.filter((name) => name.startsWith("part_0_"))).toHaveLength(3);
  expect(media.some((name) => name.startsWith("part_audio_"))).toBe(true);
});

test("the three sizes of a source without sound play without", async () => {
  const { dir } = await makeOutput(await clip({ ...small, channels: 0 }), preset("ladder_of_three"));
  const variants = variantsOf(await Bun.file(join(dir, "all.m3u8")).text());
  expect(variants).toEqual([{ uri: "size_0.m3u8" }, { uri: "size_1.m3u8" }, { uri: "size_2.m3u8" }].map(withoutSound));
  for (const { uri } of variants) expect(await decoded(join(dir, uri))).toMatchObject([pictures]);
});

const withoutSound = (variant: { uri: string }) => ({ ...variant, sound: undefined });

test("both representations of DASH play, and the sound", async () => {
  const { dir, files, planned } = await makeOutput(await clip(small), preset("dash_two_sizes"));
  const names = files.map(({ name }) => name);
  // ffprobe itself may miss the last frames of a manifest with several representations.
  const representation = async (id: number) => {
    const whole = join(dir, `whole_${id}.mp4`);
    const parts = [`begin_${id}.m4s`, ...names.filter((name) => name.startsWith(`piece_${id}_`))];
    await Bun.write(whole, Buffer.concat(await Promise.all(parts.map((name) => Bun.file(join(dir, name)).bytes()))));
    const [stream] = await decoded(whole);
    return stream;
  };
  expect(await representation(0)).toMatchObject({ ...pictures, height: 720 });
  expect(await representation(1)).toMatchObject({ ...pictures, height: 360 });
  expectSound(await representation(2));
  // Not every ffprobe reads manifests.
  const manifest = await Bun.file(join(dir, "all.mpd")).text();
  const kinds = [...manifest.matchAll(/<Representation [^>]*mimeType="(\w+)\//g)].map(([, kind]) => kind);
  expect(kinds).toEqual(["video", "video", "audio"]);
  expect(names.filter((name) => name.startsWith("begin_"))).toHaveLength(3);
  expect(names.filter(planned.isMedia)).toEqual(names.filter((name) => name.startsWith("piece_")));
});

test("a preset that maps sound without a question mark says so of a source that has none", async () => {
  const silent = await clip({ ...small, channels: 0 });
  expect(await rejection(makeOutput(silent, preset("dash_two_sizes")))).toMatchObject({
    kind: "source_failed",
    message: "the source has no audio, and preset dash_two_sizes maps a:0; write -map a:0? for sources without",
  });
  const { dir } = await makeOutput(silent, preset("hls_one_size"));
  expect(await decoded(join(dir, "index.m3u8"))).toMatchObject([pictures]);
});
