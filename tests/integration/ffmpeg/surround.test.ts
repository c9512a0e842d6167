import { expect, test } from "bun:test";
import { join } from "node:path";
import { ffmpegMakes, flash, footage, h264, voices } from "#tests/support/footage.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import { flashesOf, picturesIn, soundIn } from "#tests/support/sync.ts";
import type { AudioSettings } from "#worker/presets/fields.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { makeOutput, tiny } from "./work.ts";

const pulse = "0.3*sin(2*PI*1000*t)*lt(mod(t,1),0.1)";

/** Picture and beeps of 2 s: an English commentary, German in stereo, and English in 5.1 as the default, of AC-3. */
const film = (container: "mkv" | "ts") =>
  footage(
    ffmpegMakes(
      flash({ seconds: 2 }),
      voices({ seconds: 2, each: Array(6).fill(pulse), layout: "5.1" }),
      voices({ seconds: 2, each: [pulse, pulse], layout: "stereo" }),
      ["-map", "0:v", "-map", "2:a", "-map", "2:a", "-map", "1:a", ...h264],
      ["-c:a", "aac", "-c:a:2", "ac3", "-b:a:2", "384k", "-disposition:a", "0"],
      ["-disposition:a:0", "comment", "-disposition:a:2", "default"],
      ["eng", "ger", "eng"].flatMap((language, at) => [`-metadata:s:a:${at}`, `language=${language}`]),
    ),
    container,
    "sounds in several channels",
  );

const asked = (preset: Preset, audio: Partial<AudioSettings>): Preset =>
  ({ ...preset, audio: { codec: "aac", bitrate: "64k", channels: 2, ...audio } }) as Preset;

const shapeNamed = (name: string) => segmentedShapes.find((shape) => shape.name === name) ?? tiny;

const streamsOf = async (path: string, which = "a") => {
  const entries = "stream=codec_name,channels,channel_layout:stream_disposition=default,comment:stream_tags=language";
  const text =
    await Bun.$`ffprobe -v error -select_streams ${which} -show_entries ${entries} -of csv=p=0 ${path}`.text();
  return text.trim().split("\n");
};

/** One frame of AAC. */
const mostApart = 1_024 / 48_000;

function expectTogether(flashes: readonly number[], beeps: readonly number[], of: string) {
  expect(beeps, of).toHaveLength(flashes.length);
  for (const [at, beep] of beeps.entries())
    expect(Math.abs(beep - (flashes[at] ?? 0)), of).toBeLessThan(mostApart + 0.002);
}

test("a file has the sounds that are asked for, in their order and with their channels", async () => {
  const preset = asked(tiny, { channels: "source", tracks: ["en", "de", 0] });
  const { dir, source, facts } = await makeOutput(await film("mkv"), preset);
  expect(source.audio.map(({ number }) => number)).toEqual([2, 1, 0]);
  const path = join(dir, "output.mp4");
  expect(await streamsOf(path)).toEqual(["aac,6,5.1,1,0,eng", "aac,2,stereo,0,0,ger", "aac,2,stereo,0,1,eng"]);
  expect(facts.renditions[0]?.codecs).toEndWith(",mp4a.40.2");
  const flashes = flashesOf(await picturesIn(path));
  for (const at of [0, 1, 2]) expectTogether(flashes, (await soundIn(path, `0:a:${at}`)).beeps, `sound ${at}`);
});

test.each([
  ["hls_ts_one", "ts", [2, 1], ["stream_audio", "stream_surround", "stream_eac3", "stream_audio_1", "stream_eac3_1"]],
  ["cmaf", "mkv", ["en", "de"], ["media_2", "media_4", "media_5", "media_3", "media_6"]],
] as const)("%s of %s has 5.1 beside stereo, all in step", async (name, container, tracks, playlists) => {
  const preset = asked(shapeNamed(name), { channels: "source", tracks: [...tracks] });
  const { dir } = await makeOutput(await film(container), preset);
  const found = await Promise.all(
    playlists.map(async (playlist) => {
      const path = join(dir, `${playlist}.m3u8`);
      const [codec, channels, layout] = (await streamsOf(path))[0]?.split(",") ?? [];
      return { is: `${codec} ${channels} ${layout}`, beeps: (await soundIn(path)).beeps };
    }),
  );
  expect(found.map(({ is }) => is)).toEqual([
    ...["aac 2 stereo", "aac 6 5.1", "eac3 6 5.1(side)", "aac 2 stereo", "eac3 2 stereo"],
  ]);
  // How the first one lies beside the picture, other tests show; in MPEG-TS all have one clock.
  const [first] = found;
  const marks = name === "cmaf" ? first?.beeps : flashesOf(await picturesIn(join(dir, "stream_0.m3u8")));
  for (const { beeps, is } of found) expectTogether(marks ?? [], beeps, is);
});

test("a single rendition in fMP4 keeps 5.1 in its own segments", async () => {
  const { dir } = await makeOutput(
    await film("ts"),
    asked(shapeNamed("hls_fmp4_one"), { channels: "source", tracks: [2] }),
  );
  expect((await streamsOf(join(dir, "playlist.m3u8")))[0]).toStartWith("aac,6,5.1");
});
